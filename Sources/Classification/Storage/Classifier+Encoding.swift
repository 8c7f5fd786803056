import Crypto

extension Classifier {
    /// The bytes that ``init(decoding:instructions:)`` takes. Heads of folds and vectors are among them, so that a
    /// change of the labels needs little work.
    package func encoded() -> [UInt8] {
        let size = texts.hashes.count * (dimensions * 4 + 48) + heads.count * (dimensions * 4 + 40)
        var writer = ByteWriter(capacity: size + labels.count * 64 + 1024)
        writer.write(ClassifierFormat.mark)
        writer.write(ClassifierFormat.version)
        writer.write(UInt32(dimensions))
        writer.write(embedder)
        writer.write(key)
        writer.write(calibration.learnt.slope)
        writer.write(calibration.learnt.shift)
        writer.write(calibration.temperature)
        write(texts, to: &writer)
        let sorted = heads.keys.sorted()
        writeLabels(sorted, to: &writer)
        writer.write(UInt32(sorted.count))
        for head in sorted.compactMap({ heads[$0] }) {
            writer.write(head.hash)
            head.weights.withUnsafeBufferPointer { writer.write($0) }
            writer.write(head.bias.bitPattern)
        }
        let hash = SHA256.hash(data: writer.bytes)
        writer.write(hash)
        return writer.bytes
    }

    private func write(_ texts: TextTable, to writer: inout ByteWriter) {
        writer.write(UInt32(texts.hashes.count))
        for hash in texts.hashes { writer.write(hash) }
        for row in texts.hashes.indices { writer.write(UnsafeBufferPointer(texts.vectors.values(row))) }
    }

    /// A label without a description's row, or without a head, has the number beyond the last.
    private func writeLabels(_ sorted: [TextHash], to writer: inout ByteWriter) {
        let places = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
        writer.write(UInt32(labels.count))
        for (label, id) in labels.enumerated() {
            writer.write(id)
            writer.write(texts.members[label].description ?? UInt32(texts.hashes.count))
            writer.write(texts.members[label].examples)
            writer.write(UInt32(current[label].flatMap { places[$0] } ?? sorted.count))
        }
    }
}
