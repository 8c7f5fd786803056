import Foundation
import OrchEmbeddings
import OrchTokens

/// The installed embedders, behind the port of `OrchTokens`.
enum Embedders {
    /// - Parameter directory: Holds a directory for each embedder.
    static func load(_ directory: String) throws -> [Embedder] {
        let place = URL(fileURLWithPath: directory)
        let potion = place.appendingPathComponent("potion-base-8m")
        let miniLM = place.appendingPathComponent("minilm-l6-v2")
        return [
            port(
                to: try StaticEmbedder(
                    name: "potion", hash: "", weights: try weights(potion),
                    tokenizer: try bytes(potion, "tokenizer.json"))
            ),
            port(
                to: try SentenceEmbedder(
                    name: "MiniLM", hash: "", weights: try weights(miniLM),
                    tokenizer: try bytes(miniLM, "tokenizer.json"),
                    configuration: try bytes(miniLM, "config.json"))),
        ]
    }

    private static func port(to embedder: some OrchEmbeddings.Embedder) -> Embedder {
        let service = EmbeddingService(threads: ProcessInfo.processInfo.activeProcessorCount) { embedder }
        return Embedder(name: embedder.name) { try await service.embed($0) }
    }

    private static func bytes(_ directory: URL, _ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appendingPathComponent(file)))
    }

    private static func weights(_ directory: URL) throws -> WeightBytes {
        let data = try Data(contentsOf: directory.appendingPathComponent("model.safetensors"))
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 64)
        copy.copyBytes(from: data)
        let address = UInt(bitPattern: copy.baseAddress)
        return WeightBytes(UnsafeRawBufferPointer(copy)) {
            UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
        }
    }
}
