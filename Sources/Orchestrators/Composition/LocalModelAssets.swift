#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the set-up puts what the managed model needs; config/assets.tsv says the same to the set-up.
struct LocalModelAssets {
    let directory: String

    var modelPath: String { "\(directory)/models/SmolLM2-135M-Instruct.Q4_1.gguf" }
    var interpreterPath: String { "\(directory)/llama-server/venv/bin/python" }

    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// The file's name without its ending.
    static func name(ofModel path: String) -> String {
        let file = path.split(separator: "/").last ?? "local"
        return String(file.hasSuffix(".gguf") ? file.dropLast(5) : file)
    }
}
