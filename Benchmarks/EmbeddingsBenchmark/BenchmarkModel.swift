import Glibc
import OrchEmbeddings

/// The models that the set-up has installed.
enum BenchmarkModel: String {
    case minilm = "minilm-l6-v2"
    case potion = "potion-base-8m"

    /// The embedder, with its weights mapped from the file.
    func load(_ instructions: InstructionSet = .best) throws -> any Embedder {
        let weights = try Self.map("\(folder)/model.safetensors")
        let tokenizer = try Self.read("\(folder)/tokenizer.json")
        switch self {
        case .minilm:
            return try SentenceEmbedder(
                name: rawValue, hash: "", weights: weights, tokenizer: tokenizer,
                configuration: try Self.read("\(folder)/config.json"), instructions: instructions)
        case .potion:
            return try StaticEmbedder(
                name: rawValue, hash: "", weights: weights, tokenizer: tokenizer, instructions: instructions)
        }
    }

    private var folder: String {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let data = variable("XDG_DATA_HOME") ?? "\(variable("HOME") ?? "")/.local/share"
        return "\(variable("ORCH_ASSETS_DIR") ?? "\(data)/orchestrators")/embedders/\(rawValue)"
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else {
            throw Failure("\(path) is not there; ./scripts/assets install brings models")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    private static func map(_ path: String) throws -> WeightBytes {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure("\(path) is not there; ./scripts/assets install brings models") }
        defer { close(file) }
        let count = Int(lseek(file, 0, SEEK_END))
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
            throw Failure("\(path) cannot be mapped")
        }
        let address = UInt(bitPattern: start)
        return WeightBytes(UnsafeRawBufferPointer(start: start, count: count)) {
            munmap(UnsafeMutableRawPointer(bitPattern: address), count)
        }
    }
}
