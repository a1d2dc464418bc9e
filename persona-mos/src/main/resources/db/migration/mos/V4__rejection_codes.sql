-- Rejection code of a run that a transition ends; null where it is the usual one.
ALTER TABLE transitions ADD COLUMN code text;
