import OrchCore

extension TokenizerJSON {
    /// An entry of `added_tokens`.
    struct Added {
        var id: Int
        var content: String
        var isSpecial: Bool
        var isNormalized: Bool

        /// As it is looked for: in a text in Form C, in Form C itself.
        func token(_ normalizes: Bool) -> AddedTokens.Token {
            var content = content
            let bytes = content.withUTF8 { normalizes && isNormalized ? Normalization.nfc($0) : Array($0) }
            return AddedTokens.Token(bytes: bytes, id: id, isSpecial: isSpecial, isNormalized: isNormalized)
        }
    }

    static func readAdded(_ node: JSONNode?) throws(TokenizerError) -> [Added] {
        guard let node, !node.isNull else { return [] }
        guard node.kind == .array else { throw .invalid("added_tokens is not an array") }
        var added: [Added] = []
        for (index, element) in node.elements.enumerated() {
            guard let id = element["id"]?.int, id >= 0, id < VocabularyLimits.tokens else {
                throw .invalid("added_tokens[\(index)].id is not a number from 0 to \(VocabularyLimits.tokens - 1)")
            }
            guard let content = element["content"]?.string, !content.isEmpty else {
                throw .invalid("added_tokens[\(index)].content is not a text, or empty")
            }
            let isSpecial = element["special"]?.bool ?? false
            for key in ["single_word", "lstrip", "rstrip"] where element[key]?.bool == true && !isSpecial {
                throw .unsupported("added_tokens[\(index)].\(key) is set")
            }
            added.append(
                Added(
                    id: id, content: content, isSpecial: isSpecial,
                    isNormalized: element["normalized"]?.bool ?? !isSpecial))
        }
        return added
    }

    /// The tokens of the model and those that are added, by id.
    static func readTokens(_ model: JSONNode, _ added: [Added]) throws(TokenizerError) -> PairVocabulary {
        guard let vocab = model["vocab"], vocab.kind == .object else { throw .invalid("model.vocab is missing") }
        var texts: [(text: String, kind: PairVocabulary.Kind)?] = []
        func place(_ text: String, _ kind: PairVocabulary.Kind, _ id: Int) {
            while texts.count <= id { texts.append(nil) }
            texts[id] = (text, kind)
        }
        for member in vocab.members {
            guard let id = member.value.int, id >= 0, id < VocabularyLimits.tokens else {
                throw .invalid("an id of model.vocab is not a number from 0 to \(VocabularyLimits.tokens - 1)")
            }
            if id < texts.count, texts[id] != nil { throw .invalid("two tokens of model.vocab have the id \(id)") }
            place(member.key, .ordinary, id)
        }
        var ids: Set<Int> = []
        for token in added {
            guard ids.insert(token.id).inserted else {
                throw .invalid("two of added_tokens have the id \(token.id)")
            }
            let inVocab = vocab[token.content]?.int
            guard inVocab ?? token.id == token.id,
                inVocab != nil || token.id >= texts.count || texts[token.id] == nil
            else { throw .invalid("the added token \(token.id) stands in model.vocab under another id or text") }
            place(token.content, token.isSpecial ? .special : inVocab == nil ? .beside : .added, token.id)
        }
        var vocabulary = PairVocabulary()
        for entry in texts {
            if let entry { try vocabulary.append(entry.text.utf8, entry.kind) } else { vocabulary.skip() }
        }
        return vocabulary
    }
}
