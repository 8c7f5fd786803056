import Synchronization

/// The vocabularies that are installed, each loaded when it is first needed and kept, and the counter of each model.
package final class TokenizerCatalog: Sendable {
    /// The model that the server runs itself.
    package struct LocalModel: Sendable {
        /// As requests name it.
        package var model: String
        /// Its vocabulary's, among the installed ones.
        package var tokenizer: String

        package init(model: String, tokenizer: String) {
            self.model = model
            self.tokenizer = tokenizer
        }
    }

    /// A vocabulary as it was read, with the chat template that its file carries.
    package struct Vocabulary: Sendable {
        package var tokenizer: BytePairTokenizer
        package var template: ChatTemplate?

        package init(_ tokenizer: BytePairTokenizer, template: ChatTemplate? = nil) {
            self.tokenizer = tokenizer
            self.template = template
        }
    }

    package typealias Load = @Sendable (_ name: String) throws(TokenizerError) -> Vocabulary

    private let table: TokenizerTable
    /// ORCH_TOKENIZER_MODEL.
    package let standard: String
    private let local: LocalModel?
    /// Names of vocabularies that are there. No other name is ever asked for, whoever says it.
    package let installed: Set<String>
    private let fallback: ByteFallbackCounter
    private let load: Load
    private let loaded = Mutex<[String: Result<Vocabulary, TokenizerError>]>([:])

    /// A model's counter is found once. Callers name models as they like, so that no more than some are kept.
    private static let maximumKept = 256
    private let counters = Mutex<[String: TokenCounter]>([:])

    package init(
        table: TokenizerTable, standard: String, local: LocalModel?, installed: Set<String>,
        fallback: ByteFallbackCounter, load: @escaping Load
    ) {
        self.table = table
        self.standard = standard
        self.local = local
        self.installed = installed
        self.fallback = fallback
        self.load = load
    }

    /// Counts bytes whatever the model.
    package static func bytes(_ fallback: ByteFallbackCounter) -> TokenizerCatalog {
        TokenizerCatalog(
            table: TokenizerTable(), standard: "", local: nil, installed: [], fallback: fallback
        ) { (name) throws(TokenizerError) in throw TokenizerError(.unknownVocabulary, "there is no vocabulary") }
    }

    /// What counts for a model. Where its vocabulary is not installed or cannot be read, bytes are counted.
    package func counter(for model: String) -> TokenCounter {
        if let counter = counters.withLock({ $0[model] }) { return counter }
        let counter = makeCounter(for: model)
        counters.withLock { counters in
            if counters.count >= Self.maximumKept { counters.removeAll(keepingCapacity: true) }
            counters[model] = counter
        }
        return counter
    }

    /// The name of the vocabulary that is a model's, whether it is installed or not.
    package func vocabularyName(for model: String) -> String {
        // The managed model's own file says best how it counts; then the table; then the name of a vocabulary itself.
        if let local, local.model == model { return local.tokenizer }
        return table.row(for: model).map { $0.tokenizer ?? standard } ?? (isInstalled(model) ? model : standard)
    }

    private func makeCounter(for model: String) -> TokenCounter {
        let row = table.row(for: model)
        let images = row?.images ?? .standard
        let isLocal = model == local?.model
        guard let vocabulary = try? vocabulary(named: vocabularyName(for: model)) else {
            return TokenCounter(fallback: fallback, template: row?.template ?? .largest, images: images)
        }
        let template = row?.template ?? vocabulary.template ?? (isLocal ? .largest : .openAI)
        return TokenCounter(
            vocabulary.tokenizer, template: template, images: images,
            isGuess: row == nil && !isLocal && !isInstalled(model))
    }

    private func isInstalled(_ name: String) -> Bool { installed.contains(name) }

    /// An installed vocabulary.
    ///
    /// - Throws: ``TokenizerError`` where there is none of the name, or its file does not read.
    package func vocabulary(named name: String) throws(TokenizerError) -> Vocabulary {
        guard isInstalled(name) else {
            throw TokenizerError(
                .unknownVocabulary,
                "no such vocabulary is installed" + (installed.isEmpty ? "" : "; there are \(names)"))
        }
        return try loaded.withLock { loaded in
            if let result = loaded[name] { return result }
            let result = Result { () throws(TokenizerError) in try load(name) }
            loaded[name] = result
            return result
        }.get()
    }

    /// The installed vocabularies that the table, the settings or the managed model name.
    private var named: Set<String> {
        installed.intersection(table.rows.compactMap(\.tokenizer) + [standard] + [local?.tokenizer].compactMap { $0 })
    }

    /// Reads every vocabulary that is installed, so that no request waits for one.
    ///
    /// - Returns: What could not be read of those that the table, the settings or the managed model name: name and
    ///   fault. Others may be of kinds that are not read here.
    package func preload() -> [(name: String, error: TokenizerError)] {
        let named = named
        return installed.sorted().compactMap { name in
            do throws(TokenizerError) {
                _ = try vocabulary(named: name)
                return nil
            } catch {
                return named.contains(name) ? (name, error) : nil
            }
        }
    }

    /// The installed names, for messages.
    private var names: String { installed.sorted().joined(separator: ", ") }
}
