import Crypto
import OrchConfiguration
import OrchCore
import OrchEmbeddings
import OrchOrchestrator
import OrchTokens
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The embedders of this process, of the files that the set-up installs: loaded on first use, their weights mapped.
struct Embedders: Sendable {
    /// Where they are missing, this brings them.
    static let remedy = "run ./scripts/assets install, then start the program again"

    /// Of the first model that is installed; nil where none is.
    let service: EmbeddingService?
    /// The same for pruning and summaries, so that they do not wait for what callers have embedded.
    private let ranking: EmbeddingService?
    private let installed: [(model: EmbedderModel, service: EmbeddingService)]
    private let folder: String
    private let digests = FileDigests()

    init(_ configuration: Configuration) {
        let folder = "\(configuration.storage.assetsDirectory)/embedders"
        self.folder = folder
        installed = EmbedderModel.allCases.filter { $0.isInstalled(in: folder) }.map { [digests] model in
            let service = EmbeddingService(threads: Self.threads) { () throws(EmbedderError) in
                try model.load(from: folder, digests)
            }
            return (model, service)
        }
        service = installed.first?.service
        ranking = service?.beside(threads: Self.threads, maximumTexts: Self.maximumRankedTexts)
    }

    /// Whether there is one.
    var isInstalled: Bool { service != nil }

    /// The name of the one that counts; nil where none is installed.
    var name: String? { installed.first?.model.rawValue }

    /// What ranks turns and sentences; nil where none is installed.
    var vectors: TextVectors? {
        guard let service = ranking else { return nil }
        return { texts in try await BuiltInEmbedder.mapped { try await service.embed(texts) } }
    }

    /// Behind queues of their own, so that a request's one text does not wait for what others embed; nil where the model
    /// is not installed.
    func routing(isStatic: Bool) -> (query: EmbeddingService, learning: EmbeddingService)? {
        guard let model = installed.first(where: { !isStatic || $0.model.isStatic }) else { return nil }
        return (model.service.beside(threads: Self.threads), model.service.beside(threads: Self.processors))
    }

    /// SHA-256, in lower-case base 16, over what `sha256sum` prints of the files in the assets' `embedders`, in the order
    /// in which they are named in the code; nil where none is installed. Reads the files, once.
    func hash() -> String? {
        guard isInstalled else { return nil }
        var hasher = SHA256()
        for (model, _) in installed {
            for path in model.paths {
                let digest = digests.sha256("\(folder)/\(path)") ?? ""
                hasher.update(data: Array("\(digest)  \(path)\n".utf8))
            }
        }
        return Hexadecimal.encode(hasher.finalize())
    }

    /// The names under which requests for embeddings find them.
    var builtIn: [String: BuiltInEmbedder] {
        var named: [String: BuiltInEmbedder] = [:]
        for (model, service) in installed { named[model.rawValue] = BuiltInEmbedder(model.rawValue, service) }
        let standard = EmbedderModel.miniLM.rawValue
        let missing = BuiltInEmbedder(missing: standard)
        named[standard] = named[standard] ?? missing
        named[BuiltInEmbedder.standardName] = name.flatMap { named[$0] } ?? missing
        return named
    }

    /// Beginnings of turns, which are short; those of some sixteen long conversations.
    private static let maximumRankedTexts = 16_384

    /// Half of the processors, for the rest answers requests meanwhile; at most 4.
    private static var threads: Int { min(4, max(1, processors / 2)) }

    static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

extension BuiltInEmbedder {
    fileprivate init(_ name: String, _ service: EmbeddingService) {
        self.init(
            name: name,
            model: { () async throws(EmbeddingError) in
                let embedder = try await Self.mapped { try await service.loaded() }
                return Model(dimensions: embedder.dimensions, tokens: { embedder.tokens(of: $0) })
            },
            vectors: { (texts) async throws(EmbeddingError) in
                try await Self.mapped { try await service.embed(texts) }
            })
    }

    /// One whose files are not there.
    fileprivate init(missing name: String) {
        let error = EmbeddingError(
            .unavailable, "the built-in embedder \(name) is not installed: \(Embedders.remedy)")
        self.init(
            name: name, model: { () async throws(EmbeddingError) in throw error },
            vectors: { (_) async throws(EmbeddingError) in throw error })
    }

    fileprivate static func mapped<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(EmbeddingError) -> Value {
        do { return try await body() } catch let error as EmbedderError {
            throw EmbeddingError(error)
        } catch {
            throw EmbeddingError(.unavailable, "the built-in embedder failed")
        }
    }
}

extension EmbeddingError {
    fileprivate init(_ error: EmbedderError) {
        switch error.code {
        case .inputTooLarge: self.init(.inputTooLarge, error.message)
        case .queueFull: self.init(.queueFull, error.message)
        case .cancelled: self.init(.cancelled, error.message)
        default: self.init(.unavailable, "the built-in embedder cannot be used: \(error.message)")
        }
    }
}

/// Hashes of files that do not change, each made once.
final class FileDigests: Sendable {
    private let known = Mutex<[String: String]>([:])

    /// SHA-256 in lower-case base 16; nil where the file cannot be read. Blocks.
    func sha256(_ path: String) -> String? {
        if let digest = known.withLock({ $0[path] }) { return digest }
        let digest = FileHash.sha256(path)
        known.withLock { $0[path] = digest }
        return digest
    }
}
