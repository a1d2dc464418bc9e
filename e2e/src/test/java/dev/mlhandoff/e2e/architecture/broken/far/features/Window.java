package dev.mlhandoff.e2e.architecture.broken.far.features;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Domain code that knows Kafka. */
record Window(ConsumerRecord<byte[], byte[]> record) {}
