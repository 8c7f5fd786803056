/// Cuts a text into pieces by one pattern, from left to right, each scalar looked at about once.
///
/// The patterns are written out by hand: what follows is what a leftmost-first, backtracking matcher would answer. The
/// bytes and the tables are the caller's and must outlive the scanner. Bytes that are no UTF-8 count as single signs.
struct PieceScanner {
    let bytes: UnsafePointer<UInt8>
    /// Every access to `bytes` is below this.
    let count: Int
    /// `ScalarClasses.blocks`, 0x110000 / 128 entries, and `ScalarClasses.classes`.
    let blocks: UnsafePointer<UInt32>
    let classes: UnsafePointer<UInt8>
    /// The block of ASCII in `classes`.
    let ascii: UnsafePointer<UInt8>
    let pattern: TokenPattern
    let foldsLongS: Bool

    /// Where the piece that begins at an offset below `count` ends; always beyond that offset.
    @inline(__always)
    func endOfPiece(from start: Int) -> Int {
        switch pattern {
        case .o200k: endOfCasedPiece(from: start)
        case .cl100k, .llama3, .qwen2: endOfPlainPiece(from: start)
        case .gpt2, .gpt2Digits: endOfGPT2Piece(from: start)
        }
    }

    /// The class of the scalar at an offset, the end of the text included.
    @inline(__always)
    func scalar(at place: Int) -> ScalarClass {
        guard place < count else { return ScalarClass(bits: ScalarClass.end, width: 0) }
        let byte = bytes[place]
        if byte < 0x80 { return ScalarClass(bits: ascii[Int(byte)], width: 1) }
        return wideScalar(at: place, byte)
    }

    private func wideScalar(at place: Int, _ lead: UInt8) -> ScalarClass {
        let width = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead < 0xF5, place + width <= count else { return ScalarClass(bits: 0, width: 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(width))
        for offset in 1..<width {
            let byte = bytes[place + offset]
            guard byte & 0xC0 == 0x80 else { return ScalarClass(bits: 0, width: 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value < 0x110000 else { return ScalarClass(bits: 0, width: 1) }
        return ScalarClass(bits: classes[Int(blocks[Int(value >> 7)]) + Int(value & 127)], width: width)
    }

    /// The end of a run of scalars that have one of these bits.
    @inline(__always)
    func endOfRun(_ mask: UInt8, from start: Int) -> Int {
        var place = start
        while true {
            let next = scalar(at: place)
            guard next.has(mask) else { return place }
            place += next.width
        }
    }

    /// The end of a run of `[^\s\p{L}\p{N}]`.
    @inline(__always)
    func endOfOthers(from start: Int) -> Int {
        var place = start
        while true {
            let next = scalar(at: place)
            guard next.isOther else { return place }
            place += next.width
        }
    }

    /// The end of a contraction `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d` at an offset; nil where there is none.
    @inline(__always)
    func endOfContraction(from start: Int, anyCase: Bool) -> Int? {
        guard start + 1 < count, bytes[start] == UInt8(ascii: "'") else { return nil }
        return endOfContractionLetters(from: start + 1, anyCase: anyCase)
    }

    private func endOfContractionLetters(from start: Int, anyCase: Bool) -> Int? {
        let fold: UInt8 = anyCase ? 0x20 : 0
        let second = start + 1 < count ? bytes[start + 1] : 0
        switch bytes[start] | fold {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 1
        case UInt8(ascii: "r") where second | fold == UInt8(ascii: "e"): return start + 2
        case UInt8(ascii: "v") where second | fold == UInt8(ascii: "e"): return start + 2
        case UInt8(ascii: "l") where second | fold == UInt8(ascii: "l"): return start + 2
        default: break
        }
        // ſ is C5 BF.
        if anyCase, foldsLongS, bytes[start] == 0xC5, second == 0xBF { return start + 2 }
        return nil
    }

    /// The end of up to so many numeric scalars.
    @inline(__always)
    func endOfNumber(from start: Int, limit: Int) -> Int {
        var place = start
        for _ in 0..<limit {
            let next = scalar(at: place)
            guard next.has(ScalarClass.number) else { break }
            place += next.width
        }
        return place
    }
}

extension PieceScanner {
    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, and before these `\s++$` in tiktoken's cl100k_base; without the first in GPT-2's.
    ///
    /// - Parameters:
    ///   - first: The class at the offset, white space.
    ///   - endings: Whether a run that holds line ends is cut after the last of them.
    func endOfSpace(from start: Int, _ first: ScalarClass, endings: Bool) -> Int {
        var place = start
        var next = first
        var last = start
        var afterLineEnd = start
        while next.has(ScalarClass.space) {
            last = place
            place += next.width
            if next.has(ScalarClass.lineEnd) { afterLineEnd = place }
            next = scalar(at: place)
        }
        // The digits' own pieces end the text for GPT-2's pattern.
        let endsText =
            next.has(ScalarClass.end) || pattern == .gpt2Digits && next.has(ScalarClass.number)
        if endsText, pattern == .cl100k { return place }
        if endings, afterLineEnd > start { return afterLineEnd }
        if endsText || last == start { return place }
        return last
    }
}
