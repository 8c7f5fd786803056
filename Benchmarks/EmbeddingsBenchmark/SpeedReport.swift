import Glibc
import OrchEmbeddings

/// Medians of many runs, in microseconds. Of one thread it is the time that the thread has run, which other programs on
/// the machine do not lengthen; of several the time that has passed.
enum SpeedReport {
    private static let runs = 41
    /// 16 tokens of MiniLM, with the two around them.
    static let sentence = "please move the meeting with our new supplier to next tuesday at nine thirty"
    /// The intents' texts have 10 words on average; these are of that kind.
    static let batch: [String] = (0..<64).map { index in
        "\(sentence.split(separator: " ").dropLast(1).joined(separator: " ")) \(index % 10)"
    }

    static func run() async throws {
        for set in InstructionSet.allCases where set.isAvailable {
            let model = try BenchmarkModel.minilm.load(set)
            let count = set == .portable ? 5 : runs
            guard model.tokens(of: sentence) == 16 else { throw Failure("the sentence does not have 16 tokens") }
            let single = try median(count) { _ = try model.embed(sentence) }
            print("minilm_single_\(set.rawValue) \(single)")
            let each = try median(max(3, count / 4)) { _ = try model.embed(batch, isCancelled: { false }) } / 64
            print("minilm_batch_\(set.rawValue) \(each)")
        }
        let model = try BenchmarkModel.minilm.load()
        let long = String(repeating: sentence + ". ", count: 30)
        print("minilm_256_tokens \(try median(11) { _ = try model.embed(long) })")
        try await compareService(model)
        let potion = try BenchmarkModel.potion.load()
        print("potion_single \(try median(1001) { _ = try potion.embed(sentence) })")
        print("load_minilm \(try median(5) { _ = try BenchmarkModel.minilm.load() })")
        print("load_potion \(try median(5) { _ = try BenchmarkModel.potion.load() })")
    }

    /// One sentence after the other, and batches by the service with a thread for each core, in turns, so that what
    /// else the machine does falls on both.
    private static func compareService(_ model: any Embedder) async throws {
        let threads = max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let service = EmbeddingService(threads: threads) { () throws(EmbedderError) in model }
        var singles: [Double] = []
        var batches: [Double] = []
        for _ in 0..<31 {
            let start = ContinuousClock.now
            for text in batch[..<8] { _ = try model.embed(text) }
            let middle = ContinuousClock.now
            _ = try await service.embed(batch)
            singles.append(microseconds(middle - start) / 8)
            batches.append(microseconds(ContinuousClock.now - middle) / Double(batch.count))
        }
        print("service_threads \(threads)")
        print("elapsed_single \(singles.sorted()[singles.count / 2])")
        print("elapsed_service \(batches.sorted()[batches.count / 2])")
    }

    private static func microseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
    }

    private static func median(_ count: Int, _ body: () throws -> Void) throws -> Double {
        try body()
        var times: [Double] = []
        for _ in 0..<count {
            let start = threadTime()
            try body()
            times.append(threadTime() - start)
        }
        return times.sorted()[count / 2]
    }

    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
