import Foundation
import OrchEmbeddings

/// The installed MiniLM, behind the queue that the server has.
struct Embedder: Sendable {
    static let hash = String(repeating: "0", count: 64)
    let service: EmbeddingService

    init(folder: String) throws {
        func bytes(_ file: String) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(file))
        }
        let data = try bytes("model.safetensors")
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 64)
        copy.copyBytes(from: data)
        let address = UInt(bitPattern: copy.baseAddress)
        let model = try SentenceEmbedder(
            name: "minilm", hash: Self.hash,
            weights: WeightBytes(UnsafeRawBufferPointer(copy)) {
                UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
            },
            tokenizer: Array(try bytes("tokenizer.json")), configuration: Array(try bytes("config.json")))
        service = EmbeddingService(threads: 2) { () throws(EmbedderError) in model }
    }
}
