/// The pieces of words, found by their bytes: those that begin a word, and those that go on with it.
///
/// Open addressing over one array of all bytes. Hashes are made byte by byte, so that one pass over a word gives those
/// of all pieces that begin at one place.
struct WordPieceVocabulary: Sendable {
    /// The most tokens.
    static let tokenLimit = 1 << 20
    /// The longest piece, in bytes.
    static let pieceLimit = 1024

    /// FNV-1a, by 32 bits. The two kinds of pieces begin differently.
    static let beginning: UInt32 = 0x811C_9DC5
    static let continuing: UInt32 = 0x9E37_79B9

    static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

    private struct Piece {
        let hash: UInt32
        let start: UInt32
        let length: UInt16
        let isContinuing: Bool
        let id: UInt32
    }

    private var bytes: [UInt8] = []
    private var pieces: [Piece] = []
    /// Numbers of pieces from 1; 0 is free.
    private var slots: [UInt32]
    /// How long the longest piece is, in bytes.
    private(set) var longest = 0

    init(expected: Int) {
        var size = 16
        while size < 2 * expected { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        pieces.reserveCapacity(expected)
        bytes.reserveCapacity(8 * expected)
    }

    /// - Returns: Whether the piece is new.
    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>, isContinuing: Bool, id: UInt32) -> Bool {
        let hash = piece.reduce(isContinuing ? Self.continuing : Self.beginning, Self.step)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if matches(pieces[Int(slots[slot]) - 1], hash, isContinuing, piece) { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        pieces.append(
            Piece(
                hash: hash, start: UInt32(bytes.count), length: UInt16(piece.count), isContinuing: isContinuing, id: id)
        )
        bytes += piece
        slots[slot] = UInt32(pieces.count)
        longest = max(longest, piece.count)
        return true
    }

    /// The id of a piece whose hash is known.
    func id(_ piece: UnsafeBufferPointer<UInt8>, hash: UInt32, isContinuing: Bool) -> UInt32? {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let found = pieces[Int(slots[slot]) - 1]
            if matches(found, hash, isContinuing, piece) { return found.id }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func matches(
        _ piece: Piece, _ hash: UInt32, _ isContinuing: Bool, _ other: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard piece.hash == hash, piece.isContinuing == isContinuing, Int(piece.length) == other.count else {
            return false
        }
        let start = Int(piece.start)
        for index in 0..<other.count where bytes[start + index] != other[index] { return false }
        return true
    }
}
