import OrchCore

/// Hugging Face's `tokenizer.json`, where it is byte-level BPE with parts that are known exactly; anything else is
/// refused by name.
///
/// Ids are those of `encode` without special tokens added, and with `encode_special_tokens` (special tokens in a text
/// stay text). Added tokens that are not special are taken out of the text, as `tokenizers` does. `truncation`,
/// `padding` and `post_processor` concern whole requests and are left aside.
package enum TokenizerJSON {
    /// Reads a file.
    ///
    /// - Throws: ``TokenizerError`` naming the first fault, or the part that is not supported.
    package static func tokenizer(named name: String, bytes: [UInt8]) throws(TokenizerError) -> BytePairTokenizer {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw TokenizerError(.invalidVocabulary, "the file is not JSON: \(error.message)", cause: error)
        }
        let root = document.root
        guard root.kind == .object else { throw .invalid("the file is not an object, but \(root.kind.phrase)") }
        guard let model = root["model"], model.kind == .object else { throw .invalid("model is missing") }
        try checkModel(model)
        try checkDecoder(root["decoder"])
        let split = try PreTokenizer.read(root["pre_tokenizer"])
        let normalizes = try readNormalizer(root["normalizer"])
        let added = try readAdded(root["added_tokens"])
        var vocabulary = try readTokens(model, added)
        try readMerges(model, &vocabulary)
        return try vocabulary.tokenizer(
            named: name,
            PairVocabulary.Settings(
                pattern: split.pattern, profile: split.profile,
                added: AddedTokens(leftmostLongest: added.map { $0.token(normalizes) }), normalizes: normalizes,
                missing: try readMissing(model, vocabulary), takesWholePieces: model["ignore_merges"]?.bool ?? false))
    }

    private static func checkModel(_ model: JSONNode) throws(TokenizerError) {
        guard model["type"]?.string == "BPE" else { throw .unsupported("model.type is not BPE") }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard let value = model[key], !value.isNull, value.string != "" else { continue }
            throw .unsupported("model.\(key) is set")
        }
        if let dropout = model["dropout"], !dropout.isNull, dropout.double != 0 {
            throw .unsupported("model.dropout is set")
        }
        if let fallback = model["byte_fallback"], fallback.bool != false {
            throw .unsupported("model.byte_fallback is set")
        }
        if let ignores = model["ignore_merges"], ignores.kind != .bool {
            throw .invalid("model.ignore_merges is not a boolean")
        }
    }

    private static func checkDecoder(_ decoder: JSONNode?) throws(TokenizerError) {
        guard let decoder, decoder["type"]?.string == "ByteLevel" else {
            throw .unsupported("decoder is not ByteLevel")
        }
    }

    private static func readNormalizer(_ node: JSONNode?) throws(TokenizerError) -> Bool {
        guard let node, !node.isNull else { return false }
        switch node["type"]?.string {
        case "NFC": return true
        case "Sequence":
            var isNFC = false
            for part in node["normalizers"]?.elements ?? node.elements {
                guard part["type"]?.string == "NFC" else { throw .unsupported("normalizer holds more than NFC") }
                isNFC = true
            }
            return isNFC
        default: throw .unsupported("normalizer is not NFC")
        }
    }

    /// What becomes of bytes that have no token.
    private static func readMissing(
        _ model: JSONNode, _ vocabulary: PairVocabulary
    ) throws(TokenizerError) -> ByteSymbols.Missing {
        guard vocabulary.lacksBytes, let unknown = model["unk_token"], !unknown.isNull else { return .vanishes }
        guard let text = unknown.string, let id = model["vocab"]?[text]?.int, id >= 0, id < vocabulary.count else {
            throw .invalid("model.unk_token is not in model.vocab")
        }
        guard model["fuse_unk"]?.bool ?? false == false else {
            throw .unsupported("model.fuse_unk is set, and some bytes have no token")
        }
        return .becomes(id)
    }

    private static func readMerges(_ model: JSONNode, _ vocabulary: inout PairVocabulary) throws(TokenizerError) {
        guard let merges = model["merges"], merges.kind == .array else { throw .invalid("model.merges is missing") }
        var count = 0
        for _ in merges.elements { count += 1 }
        try vocabulary.beginMerges(count)
        for (index, merge) in merges.elements.enumerated() {
            if let text = merge.string {
                let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw .invalid("merge \(index) is not two tokens and a blank") }
                try vocabulary.merge(parts[0], parts[1])
            } else {
                let parts = merge.elements.map(\.string)
                guard parts.count == 2, let left = parts[0], let right = parts[1] else {
                    throw .invalid("merge \(index) is neither a text nor a pair of texts")
                }
                try vocabulary.merge(left.utf8, right.utf8)
            }
        }
    }
}
