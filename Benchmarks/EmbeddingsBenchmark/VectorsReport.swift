import Glibc
import OrchCore
import OrchEmbeddings

/// Ids and vectors of the lines of a file.
enum VectorsReport {
    static func ids(of path: String, by model: BenchmarkModel) throws {
        let embedder = try model.load()
        for text in try texts(path) {
            let ids =
                (embedder as? SentenceEmbedder)?.ids(of: text) ?? (embedder as? StaticEmbedder)?.ids(of: text) ?? []
            guard ids.count == embedder.tokens(of: text) else { throw Failure("the count differs from the ids") }
            print(ids)
        }
    }

    static func vectors(
        of path: String, by model: BenchmarkModel, instructions: InstructionSet, threads: Int, batch: Int
    ) async throws {
        guard instructions.isAvailable else { throw Failure("this processor does not have \(instructions)") }
        let embedder = try model.load(instructions)
        let service = EmbeddingService(threads: threads) { () throws(EmbedderError) in embedder }
        let texts = try texts(path)
        for start in stride(from: 0, to: texts.count, by: batch) {
            for vector in try await service.embed(Array(texts[start..<min(texts.count, start + batch)])) {
                try vector.withUnsafeBytes(put)
            }
        }
    }

    private static func put(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard count > 0 else { throw Failure("the output was not taken") }
            rest = rest.dropFirst(count)
        }
    }

    private static func texts(_ path: String) throws -> [String] {
        try BenchmarkModel.read(path).split(separator: UInt8(ascii: "\n")).map { line in
            try JSONDocument(parsing: Array(line)).root["text"]?.string ?? ""
        }
    }
}
