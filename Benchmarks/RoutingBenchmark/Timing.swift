/// Medians of times that have passed, in microseconds.
enum Timing {
    static func median(_ count: Int, _ body: () async throws -> Void) async rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await body()
            times.append(microseconds(start.duration(to: .now)))
        }
        return times.sorted()[count / 2]
    }

    static func microseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
    }

    static func print(_ name: String, _ value: Double) { Swift.print("\(name) \((value * 100).rounded() / 100)") }
}
