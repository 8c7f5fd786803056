/// tiktoken's vocabulary files: on each line a token in base 64, a blank, and its rank, which is its id.
package enum RankFile {
    private struct Kind {
        let pattern: TokenPattern
        let special: [String: Int]
    }

    /// What the file does not say.
    private static let kinds: [String: Kind] = [
        "cl100k_base": Kind(
            pattern: .cl100k,
            special: [
                "<|endoftext|>": 100_257, "<|fim_prefix|>": 100_258, "<|fim_middle|>": 100_259,
                "<|fim_suffix|>": 100_260, "<|endofprompt|>": 100_276,
            ]),
        "o200k_base": Kind(pattern: .o200k, special: ["<|endoftext|>": 199_999, "<|endofprompt|>": 200_018]),
    ]

    /// Reads a file of one of the known names, `cl100k_base` and `o200k_base`.
    ///
    /// - Throws: ``TokenizerError`` naming the first fault and its line.
    package static func tokenizer(named name: String, bytes: [UInt8]) throws(TokenizerError) -> BytePairTokenizer {
        guard let kind = kinds[name] else {
            throw .unsupported(
                "no rank file of this name is known: its pattern is not in the file; known are "
                    + kinds.keys.sorted().joined(separator: ", "))
        }
        var parsed = RankLines()
        let failure = bytes.withUnsafeBufferPointer { parsed.read($0) }
        if let failure { throw failure }
        return try tokenizer(name, kind, parsed)
    }

    private static func tokenizer(
        _ name: String, _ kind: Kind, _ lines: RankLines
    ) throws(TokenizerError) -> BytePairTokenizer {
        let special = kind.special.sorted { $0.value < $1.value }
        let count = lines.count
        if let first = special.first, first.value < count {
            throw .invalid("the file has \(count) tokens, but \(first.value) is the id of \(first.key)")
        }
        // Ranks are a permutation of 0..<count: place each token by its own.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.bytes.count + 128)
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity((special.last?.value ?? count) + 2)
        for line in try lines.byRank() {
            bytes += lines.bytes[Int(lines.offsets[line])..<Int(lines.offsets[line + 1])]
            offsets.append(UInt32(bytes.count))
        }
        for token in special {
            while offsets.count <= token.value { offsets.append(UInt32(bytes.count)) }
            bytes += token.key.utf8
            offsets.append(UInt32(bytes.count))
        }
        var table = TokenTable(bytes: bytes, offsets: offsets, expected: count)
        for id in 0..<count {
            if let other = table.insert(id) { throw .invalid("the tokens \(other) and \(id) have the same bytes") }
        }
        var symbols: [Int?] = []
        for byte in UInt8.min...UInt8.max {
            guard let id = table.id(of: [byte]) else { throw .invalid("no token is the byte \(byte) alone") }
            symbols.append(id)
        }
        return BytePairTokenizer(
            name: name,
            BytePairTokenizer.Parts(
                table: table, pairs: nil, symbols: ByteSymbols(symbols, missing: .separates), pattern: kind.pattern,
                profile: .unicode16, added: nil, specialTokens: kind.special))
    }
}
