/// A text as detectors see it, and where its bytes stood.
///
/// Grows at its end and shrinks at its front, so that a stream keeps only what it still needs.
struct NormalisedText {
    private(set) var bytes: [UInt8] = []
    private(set) var map = OffsetMap()
    /// Raw bytes that are behind `bytes` or part of them.
    private(set) var consumed = 0
    private var normaliser = Normaliser()

    /// Whether a text is its own normalised form, so that it need not be copied.
    static func isIdentity(_ raw: UnsafeRawBufferPointer) -> Bool {
        var normaliser = Normaliser()
        return normaliser.next(in: raw, from: 0, isLast: true) == .end
    }

    /// Takes in the raw bytes behind `consumed`, up to a sequence that is cut off.
    ///
    /// - Parameter raw: All raw bytes that have not been dropped.
    mutating func append(_ raw: UnsafeRawBufferPointer, isLast: Bool) {
        while consumed < raw.count {
            let start = consumed
            switch normaliser.next(in: raw, from: start, isLast: isLast) {
            case .end:
                copy(raw, start..<raw.count)
                return
            case .incomplete(let at):
                copy(raw, start..<at)
                return
            case .change(let at, let width, let byte):
                copy(raw, start..<at)
                if let byte {
                    map.replace(at: bytes.count, from: at, width: width)
                    bytes.append(byte)
                }
                consumed = at + width
                map.copy(at: bytes.count, from: consumed)
            }
        }
    }

    /// Forgets the first bytes.
    ///
    /// - Returns: The raw bytes that are no longer needed.
    mutating func drop(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        let raw = map.start(of: count)
        map.drop(normalised: count, raw: raw)
        bytes.removeFirst(count)
        consumed -= raw
        return raw
    }

    private mutating func copy(_ raw: UnsafeRawBufferPointer, _ range: Range<Int>) {
        consumed = range.upperBound
        guard !range.isEmpty else { return }
        let run = UnsafeRawBufferPointer(rebasing: raw[range]).assumingMemoryBound(to: UInt8.self)
        bytes.append(contentsOf: run)
    }
}
