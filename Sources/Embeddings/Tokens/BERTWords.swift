import CEmbeddings

/// The words of a text after BERT's normaliser and pre-tokeniser, uncased: controls are taken out, accents are taken
/// off, letters made small, and words end at white space, around punctuation, and around ideographs.
///
/// What becomes of a scalar is Hugging Face's `tokenizers`' behaviour, scalar by scalar, in a table of CEmbeddings: it
/// depends on no library's version of Unicode.
struct BERTWords {
    /// The word that ``next()`` has found, in UTF-8.
    private(set) var word: [UInt8] = []
    /// Whether it has more scalars than the limit; then ``word`` is only its beginning.
    var isTooLong: Bool { length > wordLimit }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let wordLimit: Int
    private var place = 0
    private var length = 0
    /// A word of one scalar that comes before what is at `place`.
    private var held: UInt32?
    /// Marks since the last scalar that is none, in the order of their classes.
    private var marks: [(order: UInt8, scalar: UInt32)] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, wordLimit: Int) {
        self.bytes = bytes
        self.wordLimit = wordLimit
        word.reserveCapacity(64)
    }

    /// Finds the next word; false where there is none.
    mutating func next() -> Bool {
        word.removeAll(keepingCapacity: true)
        length = 0
        if let scalar = held {
            held = nil
            append(scalar)
            return true
        }
        while place < bytes.count {
            let byte = bytes[place]
            let isDone = byte < 0x80 ? takeASCII(byte) : takeScalar()
            if isDone { return true }
        }
        flushMarks()
        return length > 0
    }

    /// Takes one byte; whether a word is complete.
    private mutating func takeASCII(_ byte: UInt8) -> Bool {
        place += 1
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            flushMarks()
            append(UInt32(byte))
            return false
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            flushMarks()
            append(UInt32(byte | 0x20))
            return false
        case 0x20, 0x09, 0x0A, 0x0D:
            flushMarks()
            return length > 0
        case 0x00..<0x20, 0x7F:
            return false
        default:
            return alone(UInt32(byte))
        }
    }

    /// Takes one scalar of several bytes; whether a word is complete.
    private mutating func takeScalar() -> Bool {
        let scalar = decode()
        var order: UInt8 = 0
        switch cem_class_of_scalar(scalar, &order) {
        case CEM_SPACE:
            flushMarks()
            return length > 0
        case CEM_DROPPED:
            return false
        case CEM_BARRIER:
            flushMarks()
            return false
        case CEM_MARK:
            hold(scalar, order)
            return false
        case CEM_IDEOGRAPH:
            var mapped: (UInt32, UInt32, UInt32) = (0, 0, 0)
            withUnsafeMutableBytes(of: &mapped) {
                _ = cem_map_scalar(scalar, $0.baseAddress?.assumingMemoryBound(to: UInt32.self))
            }
            return alone(mapped.0)
        default:
            return takeMapped(scalar)
        }
    }

    /// Takes what a letter or a sign of punctuation becomes.
    private mutating func takeMapped(_ scalar: UInt32) -> Bool {
        var mapped: (UInt32, UInt32, UInt32) = (0, 0, 0)
        let count = withUnsafeMutableBytes(of: &mapped) {
            cem_map_scalar(scalar, $0.baseAddress?.assumingMemoryBound(to: UInt32.self))
        }
        for index in 0..<count {
            let scalar = index == 0 ? mapped.0 : index == 1 ? mapped.1 : mapped.2
            var order: UInt8 = 0
            let kind = cem_class_of_scalar(scalar, &order)
            if kind == CEM_PUNCTUATION, count == 1 { return alone(scalar) }
            if kind == CEM_MARK {
                hold(scalar, order)
            } else {
                flushMarks()
                append(scalar)
            }
        }
        return false
    }

    /// A word of one scalar; ends the one before it.
    private mutating func alone(_ scalar: UInt32) -> Bool {
        flushMarks()
        if length > 0 { held = scalar } else { append(scalar) }
        return true
    }

    /// Keeps a mark back until all that belong to its letter are known.
    private mutating func hold(_ scalar: UInt32, _ order: UInt8) {
        var index = marks.count
        // More of them make a word that is too long, whatever their order.
        if index <= wordLimit {
            while index > 0, marks[index - 1].order > order { index -= 1 }
        }
        marks.insert((order, scalar), at: index)
    }

    private mutating func flushMarks() {
        guard !marks.isEmpty else { return }
        for mark in marks { append(mark.scalar) }
        marks.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ scalar: UInt32) {
        length += 1
        guard length <= wordLimit else { return }
        if scalar < 0x80 {
            word.append(UInt8(truncatingIfNeeded: scalar))
        } else if let scalar = Unicode.Scalar(scalar) {
            word += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }

    /// The scalar of several bytes at `place`, which is valid UTF-8 for it is a string's.
    private mutating func decode() -> UInt32 {
        let first = UInt32(bytes[place])
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard place + count <= bytes.count else {
            place = bytes.count
            return 0xFFFD
        }
        var scalar = first & (0x7F >> UInt32(count))
        for index in 1..<count { scalar = scalar << 6 | UInt32(bytes[place + index] & 0x3F) }
        place += count
        return scalar
    }
}
