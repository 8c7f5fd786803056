extension PieceScanner {
    /// GPT-2: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    func endOfGPT2Piece(from start: Int) -> Int {
        if let end = endOfContraction(from: start, anyCase: false) { return end }
        let first = scalar(at: start)
        let splitsDigits = pattern == .gpt2Digits
        if splitsDigits, first.has(ScalarClass.number) { return start + first.width }
        let place = bytes[start] == 0x20 ? start + 1 : start
        let next = place > start ? scalar(at: place) : first
        if next.has(ScalarClass.letter) { return endOfRun(ScalarClass.letter, from: place + next.width) }
        if !splitsDigits, next.has(ScalarClass.number) {
            return endOfRun(ScalarClass.number, from: place + next.width)
        }
        if next.isOther { return endOfOthers(from: place + next.width) }
        return endOfSpace(from: start, first, endings: false)
    }

    /// cl100k, Llama 3 and Qwen 2: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|`
    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `\p{N}` alone in Qwen 2's.
    func endOfPlainPiece(from start: Int) -> Int {
        if let end = endOfContraction(from: start, anyCase: true) { return end }
        let first = scalar(at: start)
        if first.has(ScalarClass.letter) { return endOfRun(ScalarClass.letter, from: start + first.width) }
        if first.has(ScalarClass.number) {
            return endOfNumber(from: start, limit: pattern == .qwen2 ? 1 : 3)
        }
        let next = scalar(at: start + first.width)
        if next.has(ScalarClass.letter), first.isPrefix {
            return endOfRun(ScalarClass.letter, from: start + first.width + next.width)
        }
        if first.isOther { return endOfSigns(from: start + first.width) }
        if bytes[start] == 0x20, next.isOther { return endOfSigns(from: start + 1 + next.width) }
        return endOfSpace(from: start, first, endings: true)
    }

    /// The rest of `[^\s\p{L}\p{N}]+[\r\n]*`, with `[\r\n/]*` in o200k's.
    private func endOfSigns(from start: Int) -> Int {
        var place = endOfOthers(from: start)
        while place < count {
            let byte = bytes[place]
            guard byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "/") && pattern == .o200k else { break }
            place += 1
        }
        return place
    }
}

extension PieceScanner {
    /// o200k: `P?U*L+S?|P?U+L*S?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`, where P is
    /// `[^\r\n\p{L}\p{N}]`, U `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, L `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and S a contraction.
    func endOfCasedPiece(from start: Int) -> Int {
        let first = scalar(at: start)
        if first.has(ScalarClass.letter) { return endOfWord(from: start, first, mark: false) }
        if first.has(ScalarClass.number) { return endOfNumber(from: start, limit: 3) }
        let next = scalar(at: start + first.width)
        if first.isPrefix {
            let rest = start + first.width
            let isMark = first.has(ScalarClass.lower)
            if next.has(ScalarClass.upper | ScalarClass.lower) { return endOfWord(from: rest, next, mark: isMark) }
            // A mark that nothing follows which could be a word is one by itself.
            if isMark { return afterContraction(rest) }
        }
        if first.isOther { return endOfSigns(from: start + first.width) }
        if bytes[start] == 0x20, next.isOther { return endOfSigns(from: start + 1 + next.width) }
        return endOfSpace(from: start, first, endings: true)
    }

    /// `U*L+S?|U+L*S?` at a scalar that is in U or L.
    ///
    /// U* takes all it can. Where L+ then finds nothing, U* gives back up to the last scalar that is in both, and L+
    /// takes that one alone, since what follows it is in U only. A mark before the word, which P took, serves as that
    /// scalar where there is no other.
    @inline(__always)
    private func endOfWord(from start: Int, _ first: ScalarClass, mark: Bool) -> Int {
        var place = start
        var next = first
        var afterBoth = start
        while next.has(ScalarClass.upper) {
            place += next.width
            if next.has(ScalarClass.lower) { afterBoth = place }
            next = scalar(at: place)
        }
        if next.has(ScalarClass.lower) {
            return afterContraction(endOfRun(ScalarClass.lower, from: place + next.width))
        }
        return afterContraction(afterBoth > start ? afterBoth : mark ? start : place)
    }

    @inline(__always)
    private func afterContraction(_ place: Int) -> Int {
        endOfContraction(from: place, anyCase: true) ?? place
    }
}
