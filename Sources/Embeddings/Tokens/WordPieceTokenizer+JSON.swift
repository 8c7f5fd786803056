import OrchCore

/// Hugging Face's `tokenizer.json`, where it is BERT's uncased WordPiece; anything else is refused by name.
///
/// `truncation` and `padding` are left aside: the embedder has its own bound, and pads nothing.
extension WordPieceTokenizer {
    /// - Throws: ``EmbedderError`` naming the first fault, or the part that is not supported.
    package init(json: [UInt8]) throws(EmbedderError) {
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(parsing: json) } catch {
            throw EmbedderError(.invalidModel, "the tokenizer is not JSON: \(error.message)", cause: error)
        }
        let root = document.root
        guard let model = root["model"], model.kind == .object else {
            throw .invalid("the tokenizer's model is missing")
        }
        try Self.checkParts(root, model)
        guard let vocabulary = model["vocab"], vocabulary.kind == .object else {
            throw .invalid("the tokenizer's model.vocab is missing")
        }
        var wordLimit = 100
        if let limit = model["max_input_chars_per_word"] {
            guard let number = limit.int, number > 0, number <= WordPieceVocabulary.pieceLimit else {
                throw .invalid("the tokenizer's max_input_chars_per_word is not a number in its bounds")
            }
            wordLimit = number
        }
        let (table, count) = try Self.readVocabulary(vocabulary)
        self.init(
            count: count, unknown: try Self.special(model["unk_token"]?.string ?? "[UNK]", vocabulary),
            start: try Self.special("[CLS]", vocabulary), end: try Self.special("[SEP]", vocabulary),
            wordLimit: wordLimit, vocabulary: table)
    }

    private static func checkParts(_ root: JSONNode, _ model: JSONNode) throws(EmbedderError) {
        guard model["type"]?.string == "WordPiece" else { throw .unsupported("the tokenizer is not WordPiece") }
        guard model["continuing_subword_prefix"]?.string ?? "##" == "##" else {
            throw .unsupported("the tokenizer's continuing_subword_prefix is not ##")
        }
        guard let normalizer = root["normalizer"], normalizer["type"]?.string == "BertNormalizer",
            normalizer["clean_text"]?.bool == true, normalizer["handle_chinese_chars"]?.bool == true,
            normalizer["lowercase"]?.bool == true, normalizer["strip_accents"]?.bool != false
        else { throw .unsupported("the tokenizer's normalizer is not BERT's for small letters") }
        guard root["pre_tokenizer"]?["type"]?.string == "BertPreTokenizer" else {
            throw .unsupported("the tokenizer's pre_tokenizer is not BERT's")
        }
        for added in root["added_tokens"]?.elements.map(\.self) ?? [] where added["special"]?.bool != true {
            throw .unsupported("the tokenizer has added tokens that are not special")
        }
    }

    private static func special(_ text: String, _ vocabulary: JSONNode) throws(EmbedderError) -> UInt32 {
        guard let id = vocabulary[text]?.int.flatMap({ UInt32(exactly: $0) }) else {
            throw .invalid("the tokenizer's model.vocab has no \(text)")
        }
        return id
    }

    /// The pieces, and how many ids there are: one more than the largest.
    private static func readVocabulary(_ node: JSONNode) throws(EmbedderError) -> (WordPieceVocabulary, Int) {
        var expected = 0
        for _ in node.members { expected += 1 }
        guard expected <= WordPieceVocabulary.tokenLimit else {
            throw .invalid("the tokenizer has more than \(WordPieceVocabulary.tokenLimit) tokens")
        }
        var table = WordPieceVocabulary(expected: expected)
        var count = 0
        for member in node.members {
            guard let id = member.value.int, id >= 0, id < WordPieceVocabulary.tokenLimit else {
                throw .invalid("a token's id is not a number from 0 to \(WordPieceVocabulary.tokenLimit - 1)")
            }
            count = max(count, id + 1)
            let key = Array(member.key.utf8)
            guard key.count <= WordPieceVocabulary.pieceLimit else {
                throw .invalid("the token \(id) has more than \(WordPieceVocabulary.pieceLimit) bytes")
            }
            let isContinuing = key.starts(with: "##".utf8) && key.count > 2
            let isNew = key.withUnsafeBufferPointer { key in
                table.insert(
                    isContinuing ? UnsafeBufferPointer(rebasing: key[2...]) : key, isContinuing: isContinuing,
                    id: UInt32(id))
            }
            guard isNew else { throw .invalid("two tokens are the same as the token \(id)") }
        }
        return (table, count)
    }
}
