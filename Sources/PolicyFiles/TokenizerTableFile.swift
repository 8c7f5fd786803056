import OrchCore
package import OrchTokens

/// The file of the vocabularies: `version`, `tokenizers` (`models`, `tokenizer`, `template`, `default_system`, `images`).
package enum TokenizerTableFile {
    /// Rows of one table.
    package static let maximumRows = 500
    /// Names of one row.
    package static let maximumNames = 100
    /// Bytes of a model's or vocabulary's name.
    package static let maximumNameBytes = 200

    private static let overheads = 0...1_000
    private static let imageTokens = 0...1_000_000
    /// Endings of vocabularies' files, which are no part of their names.
    private static let endings = [".tiktoken", ".json", ".gguf"]

    /// Reads a table, or throws the first fault with its place.
    package static func load(_ path: String) throws(PolicyFileError) -> Loaded<TokenizerTable> {
        let bytes = try LocalFile.read(path)
        let table = try parse(bytes, file: LocalFile.name(of: path))
        return Loaded(table, policyHash: ContentHash.hexadecimal(of: bytes))
    }

    /// As ``load(_:)``; where there is no file, a table without rows.
    package static func loadOrEmpty(_ path: String) throws(PolicyFileError) -> Loaded<TokenizerTable> {
        do throws(PolicyFileError) {
            return try load(path)
        } catch {
            guard error.code == .missingFile else { throw error }
            return Loaded(TokenizerTable(), policyHash: ContentHash.hexadecimal(of: []))
        }
    }

    /// The table that some bytes spell out.
    package static func parse(_ bytes: [UInt8], file: String) throws(PolicyFileError) -> TokenizerTable {
        let root = try YAMLMapping(YAMLReader.read(bytes, file: file), file: file, keys: ["version", "tokenizers"])
        guard try root.required("version", root.spelling("version")) == "1" else {
            throw PolicyFileError(
                .invalidValue, file: file, at: root.value("version")?.position, "`version` is not 1")
        }
        let nodes = try root.required("tokenizers", root.sequence("tokenizers"))
        guard nodes.count <= maximumRows else {
            throw PolicyFileError(
                .tooComplex, file: file, at: root.value("tokenizers")?.position, "more than \(maximumRows) rows")
        }
        var table = TokenizerTable()
        var taken: Set<[UInt8]> = []
        for node in nodes {
            table.rows.append(try row(node, file: file, taken: &taken))
        }
        return table
    }

    /// - Parameter taken: The names of the rows before, in lower case.
    private static func row(
        _ node: YAMLNode, file: String, taken: inout Set<[UInt8]>
    ) throws(PolicyFileError) -> TokenizerTable.Row {
        let keys = ["models", "tokenizer", "template", "default_system", "images"]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        let models = try models(mapping, taken: &taken)
        let tokenizer = try mapping.value("tokenizer").map { node throws(PolicyFileError) in
            try vocabularyName(node, file: file)
        }
        var template = try mapping.value("template").map { node throws(PolicyFileError) in
            try chatTemplate(node, file: file)
        }
        if let text = try mapping.value("default_system")?.name(file: file) {
            template = template ?? .openAI
            template?.defaultSystem = text
        }
        let images = try mapping.value("images").map { node throws(PolicyFileError) in
            try imagePrice(node, file: file)
        }
        return TokenizerTable.Row(
            models: models, tokenizer: tokenizer, template: template, images: images ?? .standard)
    }

    private static func models(
        _ mapping: YAMLMapping, taken: inout Set<[UInt8]>
    ) throws(PolicyFileError) -> [String] {
        let file = mapping.file
        let nodes = try mapping.required("models", mapping.sequence("models"))
        guard (1...maximumNames).contains(nodes.count) else {
            throw PolicyFileError(
                .invalidValue, file: file, at: mapping.value("models")?.position,
                "`models` must be a list of 1 to \(maximumNames) names")
        }
        var models: [String] = []
        for node in nodes {
            let name = try boundedName(node, file: file)
            guard taken.insert(name.utf8.map(lowercased)).inserted else {
                throw PolicyFileError(
                    .invalidValue, file: file, at: node.position,
                    "the name \(Quoted(name)) comes twice: the first row that has it decides")
            }
            models.append(name)
        }
        return models
    }

    private static func vocabularyName(_ node: YAMLNode, file: String) throws(PolicyFileError) -> String {
        let name = try boundedName(node, file: file)
        guard !name.utf8.contains(UInt8(ascii: "/")), !endings.contains(where: name.hasSuffix) else {
            throw PolicyFileError(
                .invalidValue, file: file, at: node.position,
                "`tokenizer` must be the name of a vocabulary's file, without its folder and ending")
        }
        return name
    }

    private static func boundedName(_ node: YAMLNode, file: String) throws(PolicyFileError) -> String {
        let name = try node.name(file: file)
        guard name.utf8.count <= maximumNameBytes else {
            throw PolicyFileError(
                .invalidValue, file: file, at: node.position, "the name is longer than \(maximumNameBytes) bytes")
        }
        return name
    }

    private static func chatTemplate(_ node: YAMLNode, file: String) throws(PolicyFileError) -> ChatTemplate {
        if case .mapping = node.content {
            let mapping = try YAMLMapping(node, file: file, keys: ["per_message", "per_name", "per_conversation"])
            return ChatTemplate(
                perMessage: try number(mapping, "per_message", overheads),
                perName: try number(mapping, "per_name", overheads),
                perConversation: try number(mapping, "per_conversation", overheads))
        }
        guard case .text(let name)? = node.scalar else {
            throw PolicyFileError(wrongType: "a template's name or a mapping", node, file: file)
        }
        guard let template = ChatTemplate.named[name] else {
            let known = ChatTemplate.named.keys.sorted()
            let nearest = NearestWord.nearest(to: name, among: known)
            throw PolicyFileError(
                .invalidValue, file: file, at: node.position,
                "unknown template \(Quoted(name)); "
                    + (nearest.map { "did you mean `\($0)`?" } ?? "known templates: \(known.joined(separator: ", "))"))
        }
        return template
    }

    private static func imagePrice(_ node: YAMLNode, file: String) throws(PolicyFileError) -> ImagePrice {
        let mapping = try YAMLMapping(node, file: file, keys: ["low", "high"])
        let price = ImagePrice(
            low: try number(mapping, "low", imageTokens), high: try number(mapping, "high", imageTokens))
        guard price.low <= price.high else {
            throw PolicyFileError(.invalidValue, file: file, at: node.position, "`low` is more than `high`")
        }
        return price
    }

    private static func number(
        _ mapping: YAMLMapping, _ key: String, _ range: ClosedRange<Int>
    ) throws(PolicyFileError) -> Int {
        let number = try mapping.required(key, mapping.count(key))
        guard range.contains(number) else {
            throw PolicyFileError(
                .invalidValue, file: mapping.file, at: mapping.value(key)?.position,
                "`\(key)` must be \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
