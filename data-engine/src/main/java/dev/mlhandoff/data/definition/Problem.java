package dev.mlhandoff.data.definition;

/**
 * Something wrong with a file of features.
 *
 * @param pointer JSON pointer of where
 */
record Problem(String pointer, String message) {}
