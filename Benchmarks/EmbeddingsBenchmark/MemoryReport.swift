import OrchEmbeddings

/// What the process holds in memory besides the pages of the mapped weights, on Linux.
enum MemoryReport {
    static func run() throws {
        let before = try resident("VmHWM")
        let model = try BenchmarkModel.minilm.load()
        print("loaded \(try resident("VmRSS") - mapped())")
        for _ in 0..<3 { _ = try model.embed(SpeedReport.batch, isCancelled: { false }) }
        _ = try model.embed(String(repeating: SpeedReport.sentence, count: 100))
        print("working \(try resident("VmRSS") - mapped())")
        print("anonymous \(try resident("RssAnon"))")
        print("program \(before)")
        print("mapped \(try mapped())")
        withExtendedLifetime(model) {}
    }

    /// A figure of /proc/self/status.
    private static func resident(_ name: String) throws -> Int {
        let lines = String(decoding: try BenchmarkModel.read("/proc/self/status"), as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(name + ":") }), let bytes = kibibytes(line) else {
            throw Failure("/proc/self/status has no \(name)")
        }
        return bytes
    }

    /// How much of the weights' files is in memory.
    private static func mapped() throws -> Int {
        var isWeights = false
        var sum = 0
        for line in String(decoding: try BenchmarkModel.read("/proc/self/smaps"), as: UTF8.self).split(separator: "\n")
        {
            if line.contains("-"), line.contains(" r") || line.contains(" -") {
                isWeights = line.hasSuffix("model.safetensors")
            } else if isWeights, line.hasPrefix("Rss:") {
                sum += kibibytes(line) ?? 0
            }
        }
        return sum
    }

    private static func kibibytes(_ line: Substring) -> Int? {
        line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
