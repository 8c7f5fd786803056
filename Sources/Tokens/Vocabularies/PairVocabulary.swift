/// A vocabulary in the making whose merges are listed, as Hugging Face and llama.cpp keep it.
struct PairVocabulary {
    /// What a token is for.
    enum Kind {
        /// Made by merges, written in ``ByteAlphabet``.
        case ordinary
        /// Made by merges, and looked for in the text as it stands; its text is its bytes.
        case added
        /// Looked for in the text only; its text is its bytes.
        case beside
        /// Never made from a text; its text is its bytes.
        case special
    }

    private var bytes: [UInt8] = []
    private var offsets: [UInt32] = [0]
    /// The ids that are found by their bytes.
    private var found: [Int] = []
    private var table: TokenTable?
    private var pairs: PairTable?
    private var mergeCount = 0
    private var scratch: [UInt8] = []
    private(set) var special: [String: Int] = [:]

    /// The number of ids so far.
    var count: Int { offsets.count - 1 }

    /// Appends the token with the next id.
    mutating func append(_ text: some Collection<UInt8>, _ kind: Kind) throws(TokenizerError) {
        guard count < VocabularyLimits.tokens else {
            throw .invalid("the vocabulary has more than \(VocabularyLimits.tokens) tokens")
        }
        guard !text.isEmpty, text.count <= VocabularyLimits.tokenBytes else {
            throw .invalid(
                "token \(count) has \(text.count) bytes: a token has 1 to \(VocabularyLimits.tokenBytes)")
        }
        guard bytes.count + text.count <= VocabularyLimits.allBytes else {
            throw .invalid("all tokens together have more than \(VocabularyLimits.allBytes) bytes")
        }
        let start = bytes.count
        let isInAlphabet = ByteAlphabet.append(text, to: &bytes)
        switch kind {
        case .ordinary:
            if isInAlphabet { found.append(count) } else { bytes += text }
        case .added:
            if isInAlphabet {
                guard bytes[start...].elementsEqual(text) else {
                    throw .unsupported("token \(count) is looked for in the text, and stands for other bytes too")
                }
                found.append(count)
            } else {
                bytes += text
            }
        case .beside, .special:
            bytes.removeLast(bytes.count - start)
            bytes += text
            if kind == .special { special[String(decoding: text, as: UTF8.self)] = count }
        }
        offsets.append(UInt32(bytes.count))
    }

    /// Leaves the next id unassigned.
    mutating func skip() { offsets.append(UInt32(bytes.count)) }

    /// Ends the tokens; merges follow.
    ///
    /// - Parameter merges: How many, at most.
    mutating func beginMerges(_ merges: Int) throws(TokenizerError) {
        guard merges <= VocabularyLimits.merges else {
            throw .invalid("the vocabulary has \(merges) merges: more than \(VocabularyLimits.merges)")
        }
        var table = TokenTable(bytes: bytes, offsets: offsets, expected: found.count)
        for id in found {
            if let other = table.insert(id) { throw .invalid("the tokens \(other) and \(id) have the same bytes") }
        }
        self.table = table
        pairs = PairTable(expected: merges)
    }

    /// Appends a merge of two tokens, written in the alphabet.
    mutating func merge(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) throws(TokenizerError) {
        scratch.removeAll(keepingCapacity: true)
        guard ByteAlphabet.append(left, to: &scratch), case let middle = scratch.count,
            ByteAlphabet.append(right, to: &scratch), middle > 0, scratch.count > middle
        else { throw .invalid("merge \(mergeCount) is not two tokens in the alphabet of bytes") }
        let ids = table?.withView { view in
            scratch.withUnsafeBufferPointer { buffer -> (left: Int, right: Int, merged: Int) in
                guard let base = buffer.baseAddress else { return (-1, -1, -1) }
                return (
                    view.id(of: base, middle), view.id(of: base + middle, buffer.count - middle),
                    view.id(of: base, buffer.count)
                )
            }
        }
        guard let ids, ids.left >= 0, ids.right >= 0 else {
            throw .invalid("merge \(mergeCount) is of something that is not in the vocabulary")
        }
        guard ids.merged >= 0 else { throw .invalid("merge \(mergeCount) makes a token that is not in the vocabulary") }
        guard pairs?.insert(left: ids.left, right: ids.right, rank: mergeCount, merged: ids.merged) == true else {
            throw .invalid("merge \(mergeCount) is there twice")
        }
        mergeCount += 1
    }

    /// What the file says besides tokens and merges.
    struct Settings {
        var pattern: TokenPattern
        var profile: ScalarProfile
        var added: AddedTokens?
        var normalizes = false
        var missing = ByteSymbols.Missing.separates
        /// Whether a piece that is a token becomes it even where the merges do not make it (`ignore_merges`).
        var takesWholePieces = false
    }

    /// The id of an ordinary token of one byte.
    private func symbol(_ byte: UInt8) -> Int? { table?.id(of: CollectionOfOne(byte)) }

    /// Whether some of the 256 bytes have no token.
    var lacksBytes: Bool { (UInt8.min...UInt8.max).contains { symbol($0) == nil } }

    /// The tokenizer, after the merges.
    func tokenizer(named name: String, _ settings: Settings) throws(TokenizerError) -> BytePairTokenizer {
        guard let table, let pairs else { throw .invalid("the vocabulary has no merges") }
        let symbols = (UInt8.min...UInt8.max).map(symbol)
        guard symbols.contains(where: { $0 != nil }) else {
            throw .invalid("the vocabulary has no token for any byte")
        }
        var parts = BytePairTokenizer.Parts(
            table: table, pairs: pairs, symbols: ByteSymbols(symbols, missing: settings.missing),
            pattern: settings.pattern, profile: settings.profile, added: settings.added,
            normalizes: settings.normalizes, specialTokens: special)
        if !settings.takesWholePieces { parts.table = tableOfMerged(parts) }
        return BytePairTokenizer(name: name, parts)
    }

    /// A table that finds only the tokens that merging their own bytes makes: for these the look-up of a whole piece
    /// gives what merging it would.
    private func tableOfMerged(_ parts: BytePairTokenizer.Parts) -> TokenTable {
        var parts = parts
        let empty = TokenTable(bytes: bytes, offsets: offsets, expected: found.count)
        parts.table = empty
        let merger = BytePairTokenizer(name: "", parts)
        var table = empty
        bytes.withUnsafeBufferPointer { bytes in
            for id in found {
                let range = Int(offsets[id])..<Int(offsets[id + 1])
                if merger.idOfPiece(UnsafeBufferPointer(rebasing: bytes[range])) == id { _ = table.insert(id) }
            }
        }
        return table
    }
}
