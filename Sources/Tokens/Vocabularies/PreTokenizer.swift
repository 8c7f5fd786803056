import OrchCore

/// The `pre_tokenizer` of a tokenizer.json: which of the known patterns it is.
enum PreTokenizer {
    struct Split {
        var pattern: TokenPattern
        var profile: ScalarProfile
    }

    /// The regular expressions of `Split`, letter by letter as files hold them.
    private static let expressions: [String: TokenPattern] = [
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
            + #"|\s+(?!\S)|\s+"#: .llama3,
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
            + #"|\s+(?!\S)|\s+"#: .qwen2,
        #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
            + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
            + #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#: .o200k,
    ]

    static func read(_ node: JSONNode?) throws(TokenizerError) -> Split {
        guard let node, !node.isNull else { throw .unsupported("pre_tokenizer is missing") }
        let parts =
            node["type"]?.string == "Sequence" ? Array(node["pretokenizers"]?.elements ?? node.elements) : [node]
        guard let last = parts.last, last["type"]?.string == "ByteLevel", parts.count <= 2 else {
            throw .unsupported("pre_tokenizer is not ByteLevel, alone or after one Split or Digits")
        }
        guard last["add_prefix_space"]?.bool == false else {
            throw .unsupported("pre_tokenizer ByteLevel puts a blank before the text (add_prefix_space)")
        }
        let usesGPT2 = last["use_regex"]?.bool ?? true
        guard parts.count == 2 else {
            guard usesGPT2 else { throw .unsupported("pre_tokenizer ByteLevel stands alone, without use_regex") }
            return Split(pattern: .gpt2, profile: .unicode16)
        }
        return try read(parts[0], beforeGPT2: usesGPT2)
    }

    private static func read(_ node: JSONNode, beforeGPT2: Bool) throws(TokenizerError) -> Split {
        switch node["type"]?.string {
        case "Digits":
            guard node["individual_digits"]?.bool == true, beforeGPT2 else {
                throw .unsupported("pre_tokenizer Digits without individual_digits, or not before use_regex")
            }
            return Split(pattern: .gpt2Digits, profile: .unicode16Digits)
        case "Split":
            guard !beforeGPT2 else { throw .unsupported("pre_tokenizer Split before a ByteLevel with use_regex") }
            guard let text = node["pattern"]?["Regex"]?.string, let pattern = expressions[text] else {
                throw .unsupported("the regular expression of pre_tokenizer Split is not a known one")
            }
            // All these expressions match everything, so that what lies between matches is nothing.
            switch (node["behavior"]?.string, node["invert"]?.bool ?? false) {
            case ("Isolated", false), ("Removed", true): return Split(pattern: pattern, profile: .unicode16)
            default: throw .unsupported("pre_tokenizer Split is neither Isolated nor Removed with invert")
            }
        default: throw .unsupported("pre_tokenizer is not ByteLevel, alone or after one Split or Digits")
        }
    }
}
