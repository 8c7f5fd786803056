import Foundation
import OrchEmbeddings
import Testing

/// The models that the set-up installs: a missing one fails in CI, and leaves tests out elsewhere.
enum InstalledModel: String {
    case minilm = "minilm-l6-v2"
    case potion = "potion-base-8m"

    static let note: Comment = "needs the embedding models: ./scripts/assets install"

    /// Whether tests that need models are to run.
    static let areExpected =
        ProcessInfo.processInfo.environment["CI"] == "true"
        || [minilm, potion].allSatisfy { FileManager.default.fileExists(atPath: $0.folder + "/model.safetensors") }

    private static let loadedMiniLM = Result { try minilm.load() }
    private static let loadedPotion = Result { try potion.load() }

    /// MiniLM, loaded once for all tests.
    static func sentences() throws -> SentenceEmbedder {
        try #require(try loadedMiniLM.get() as? SentenceEmbedder)
    }

    /// potion, loaded once for all tests.
    static func statics() throws -> StaticEmbedder {
        try #require(try loadedPotion.get() as? StaticEmbedder)
    }

    func load(_ instructions: InstructionSet = .best) throws -> any Embedder {
        let weights = WeightBytes(copying: try file("model.safetensors"))
        let tokenizer = try file("tokenizer.json")
        switch self {
        case .minilm:
            return try SentenceEmbedder(
                name: rawValue, hash: "", weights: weights, tokenizer: tokenizer,
                configuration: try file("config.json"), instructions: instructions)
        case .potion:
            return try StaticEmbedder(
                name: rawValue, hash: "", weights: weights, tokenizer: tokenizer, instructions: instructions)
        }
    }

    func file(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    private var folder: String {
        let environment = ProcessInfo.processInfo.environment
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let data = variable("XDG_DATA_HOME") ?? "\(variable("HOME") ?? "")/.local/share"
        return "\(variable("ORCH_ASSETS_DIR") ?? "\(data)/orchestrators")/embedders/\(rawValue)"
    }
}

extension WeightBytes {
    /// Bytes in memory of their own, as far off an even address as asked for.
    convenience init(copying bytes: [UInt8], offset: Int = 0) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + offset, alignment: 64)
        let place = UnsafeMutableRawBufferPointer(rebasing: copy[offset...])
        place.copyBytes(from: bytes)
        let address = UInt(bitPattern: copy.baseAddress)
        self.init(UnsafeRawBufferPointer(place)) { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }
}
