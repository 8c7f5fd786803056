import OrchCore
import OrchTokens

/// Counts an answer that comes in pieces, where the provider does not.
///
/// Pieces are put together until there are enough of them, then counted up to a place where no tokenizer joins what is
/// on both sides: in front of a space between a word and a letter. The counts add up to that of the whole.
struct StreamCount: Sendable {
    private struct Text {
        let choice: Int
        let kind: Kind
        var bytes: [UInt8] = []
        var tokens = 0
        /// Below this many bytes it is not looked at again.
        var nextLook = StreamCount.countedAtOnce
    }

    /// What a model writes apart from each other.
    enum Kind: Sendable { case content, reasoning, refusal, toolCalls }

    /// Bytes that are kept before some are counted.
    private static let countedAtOnce = 32 << 10
    /// Bytes that are kept where no place is found; then they are counted up to where they are.
    private static let maximumKept = 1 << 20

    /// As many as a request may ask for.
    private static let maximumChoices = 128

    private let counter: TokenCounter
    private var texts: [Text] = []

    init(_ counter: TokenCounter) {
        self.counter = counter
    }

    mutating func add(_ node: JSONNode, _ kind: Kind = .content, choice: Int) {
        node.withTextBytes { add($0, kind, choice: choice) }
    }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Kind, choice: Int) {
        guard !bytes.isEmpty else { return }
        // Choices beyond those that can be asked for count as the last.
        let choice = min(max(choice, 0), Self.maximumChoices - 1)
        let place: Int
        if let first = texts.first, first.choice == choice, first.kind == kind {
            place = 0
        } else if let known = texts.firstIndex(where: { $0.choice == choice && $0.kind == kind }) {
            place = known
        } else {
            place = texts.count
            texts.append(Text(choice: choice, kind: kind))
        }
        texts[place].bytes.append(contentsOf: bytes)
        if texts[place].bytes.count >= texts[place].nextLook { countSome(place) }
    }

    /// The tokens so far.
    var tokens: Int {
        texts.reduce(0) { sum, text in
            sum + text.tokens + text.bytes.withUnsafeBufferPointer { counter.tokens(of: $0) }
        }
    }

    private mutating func countSome(_ place: Int) {
        let count = texts[place].bytes.count
        guard
            let end = Self.lastSeam(texts[place].bytes)
                ?? (count >= Self.maximumKept ? Self.lastCharacter(texts[place].bytes) : nil)
        else {
            // Looked for again when there is as much again.
            texts[place].nextLook = min(2 * count, Self.maximumKept)
            return
        }
        texts[place].tokens += texts[place].bytes[..<end].withUnsafeBufferPointer { counter.tokens(of: $0) }
        texts[place].bytes.removeFirst(end)
        texts[place].nextLook = Self.countedAtOnce + texts[place].bytes.count
    }

    /// The last place that splits nothing: a space behind a letter or a digit, and in front of a letter. All in ASCII.
    private static func lastSeam(_ bytes: [UInt8]) -> Int? {
        var index = bytes.count - 2
        while index > 0 {
            if bytes[index] == UInt8(ascii: " "), isLetter(bytes[index + 1]),
                isLetter(bytes[index - 1]) || isDigit(bytes[index - 1])
            {
                return index
            }
            index -= 1
        }
        return nil
    }

    /// Where the last character begins, which may not be whole yet.
    private static func lastCharacter(_ bytes: [UInt8]) -> Int {
        bytes.lastIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
