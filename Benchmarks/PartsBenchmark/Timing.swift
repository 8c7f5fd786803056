/// Times parts.
enum Timing {
    private static let runs = 9
    private static let leastRunTime = Duration.milliseconds(60)

    static func report(_ parts: [Part]) async throws {
        print("| part | what | ns | MB/s |")
        print("| --- | --- | ---: | ---: |")
        for part in parts {
            var times: [Double] = []
            for _ in 0..<runs { times.append(try await time(part)) }
            let nanoseconds = times.sorted()[runs / 2]
            let rate = part.bytes.map { String(Int(Double($0) / nanoseconds * 1000)) } ?? ""
            print("| \(part.name) | \(part.what) | \(Int(nanoseconds.rounded())) | \(rate) |")
        }
    }

    /// Nanoseconds of one operation, over as many as take the least time.
    private static func time(_ part: Part) async throws -> Double {
        var count = 1
        while true {
            let start = ContinuousClock.now
            for _ in 0..<count { try await part.run() }
            let duration = start.duration(to: .now)
            if duration >= leastRunTime { return duration / .nanoseconds(1) / Double(count) }
            count *= 2
        }
    }
}
