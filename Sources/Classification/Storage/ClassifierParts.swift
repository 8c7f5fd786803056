import Crypto

/// What a file of a classifier holds, checked: nothing in it can lead out of a row, or to what is no number.
struct ClassifierParts {
    let embedder: String
    let key: String
    let calibration: Calibration
    let texts: TextTable
    let labels: [String]
    let current: [TextHash?]
    let heads: [TextHash: Head]

    init(_ bytes: UnsafeRawBufferPointer) throws(ClassifierError) {
        let size = bytes.count - SHA256.byteCount
        guard size > ClassifierFormat.mark.count, bytes.starts(with: ClassifierFormat.mark) else {
            throw .damaged("this is no file of a classifier")
        }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<size]))
        _ = try reader.raw(ClassifierFormat.mark.count)
        guard try reader.number(UInt32.self) == ClassifierFormat.version else {
            throw ClassifierError(.unsupported, "the classifier is of another version")
        }
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<size]))
        guard hasher.finalize() == bytes[size...] else { throw .damaged("the bytes have changed") }
        let dimensions = Int(try reader.number(UInt32.self))
        guard ClassifierLimits.dimensions.contains(dimensions) else { throw .damaged("no vector has that size") }
        embedder = try reader.text()
        key = try reader.text()
        let figures = try Self.figures(&reader)
        let (hashes, vectors) = try Self.texts(&reader, dimensions)
        let found = try Self.labels(&reader, rows: hashes.count)
        let sorted = try Self.heads(&reader, dimensions)
        guard reader.remaining == 0 else { throw .damaged("bytes follow the last head") }
        labels = found.map(\.id)
        calibration = Calibration(
            learnt: Calibration.Line(slope: figures[0], shift: figures[1]),
            described: Calibration.default.expecting(labels.count).described, temperature: figures[2])
        guard Set(labels).count == labels.count else { throw .damaged("two labels have one id") }
        texts = TextTable(hashes: hashes, vectors: vectors, members: found.map(\.members))
        var current: [TextHash?] = []
        for label in found {
            guard label.head <= sorted.count, (label.head == sorted.count) == label.members.examples.isEmpty else {
                throw .damaged("a label has no head")
            }
            current.append(label.head < sorted.count ? sorted[label.head].hash : nil)
        }
        self.current = current
        heads = Dictionary(sorted.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The calibration's slope, shift and temperature.
    private static func figures(_ reader: inout ByteReader) throws(ClassifierError) -> [Double] {
        let figures = [try reader.real(), try reader.real(), try reader.real()]
        guard figures.allSatisfy({ $0.magnitude < 1e6 }), figures[0] > 0, figures[2] > 0 else {
            throw .damaged("the calibration is out of bounds")
        }
        return figures
    }

    private static func texts(
        _ reader: inout ByteReader, _ dimensions: Int
    ) throws(ClassifierError) -> (hashes: [TextHash], vectors: FloatRows) {
        let count = try reader.count(of: TextHash.byteCount + 4 * dimensions, atMost: ClassifierLimits.texts)
        var hashes: [TextHash] = []
        hashes.reserveCapacity(count)
        for _ in 0..<count { hashes.append(try reader.hash()) }
        let vectors = FloatRows(count: count, dimensions: dimensions)
        for row in 0..<count {
            UnsafeMutableRawBufferPointer(vectors.values(row)).copyMemory(from: try reader.raw(4 * dimensions))
            guard vectors.isUsable(row) else { throw .damaged("a vector holds what is no number") }
        }
        return (hashes, vectors)
    }

    private static func labels(
        _ reader: inout ByteReader, rows: Int
    ) throws(ClassifierError) -> [(id: String, members: LabelMembers, head: Int)] {
        let count = try reader.count(of: 16, atMost: ClassifierLimits.labels.upperBound)
        guard ClassifierLimits.labels.contains(count) else { throw .damaged("there are no labels") }
        var labels: [(id: String, members: LabelMembers, head: Int)] = []
        labels.reserveCapacity(count)
        for _ in 0..<count {
            let id = try reader.text()
            let description = try reader.row(below: rows + 1)
            let members = LabelMembers(
                examples: try reader.rows(below: rows), description: description < rows ? description : nil)
            guard !members.examples.isEmpty || members.description != nil else { throw .damaged("a label has no text") }
            labels.append((id, members, Int(try reader.number(UInt32.self))))
        }
        return labels
    }

    private static func heads(_ reader: inout ByteReader, _ dimensions: Int) throws(ClassifierError) -> [Head] {
        let count = try reader.count(
            of: TextHash.byteCount + 4 * dimensions + 4,
            atMost: ClassifierLimits.labels.upperBound * (LabelMembers.folds + 1))
        var heads: [Head] = []
        heads.reserveCapacity(count)
        for _ in 0..<count {
            let hash = try reader.hash()
            let raw = try reader.raw(4 * dimensions)
            let weights = [Float](unsafeUninitializedCapacity: dimensions) { weights, count in
                UnsafeMutableRawBufferPointer(weights).copyMemory(from: raw)
                count = dimensions
            }
            let head = Head(hash: hash, weights: weights, bias: try reader.float())
            guard head.isUsable else { throw .damaged("a head holds what is no number") }
            heads.append(head)
        }
        return heads
    }
}
