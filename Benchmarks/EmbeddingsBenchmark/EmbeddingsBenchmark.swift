import OrchEmbeddings

/// Makes what scripts/measure-embeddings judges: ids, vectors, and how long they take.
///
///     EmbeddingsBenchmark ids MODEL FILE              the ids of each line `{"text"}` of the file, as JSON arrays
///     EmbeddingsBenchmark vectors MODEL FILE [SET [THREADS [BATCH]]]
///                                                     their vectors, raw floats one behind the other
///     EmbeddingsBenchmark speed                       a line `name value` for each figure
///     EmbeddingsBenchmark memory                      the same, in bytes
///     EmbeddingsBenchmark sets                        the instruction sets that this processor has
@main
enum EmbeddingsBenchmark {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "ids" where arguments.count == 3:
            try VectorsReport.ids(of: arguments[2], by: try model(arguments[1]))
        case "vectors" where arguments.count >= 3:
            let instructions = arguments.count > 3 ? InstructionSet(rawValue: arguments[3]) : .best
            guard let instructions else { throw Failure("no such instruction set") }
            try await VectorsReport.vectors(
                of: arguments[2], by: try model(arguments[1]), instructions: instructions,
                threads: arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1,
                batch: arguments.count > 5 ? Int(arguments[5]) ?? 64 : 64)
        case "speed": try await SpeedReport.run()
        case "memory": try MemoryReport.run()
        case "sets": for set in InstructionSet.allCases where set.isAvailable { print(set.rawValue) }
        default: print("usage: EmbeddingsBenchmark ids|vectors MODEL FILE …, or speed, memory, sets")
        }
    }

    private static func model(_ name: String) throws -> BenchmarkModel {
        guard let model = BenchmarkModel(rawValue: name) else { throw Failure("no such model") }
        return model
    }
}

/// Why the benchmark cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
