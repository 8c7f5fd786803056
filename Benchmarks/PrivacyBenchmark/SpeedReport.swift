import Foundation
import OrchPrivacy

/// Rates on one core: the median of several runs over texts of a mebibyte each.
enum SpeedReport {
    private static let runs = 5

    /// - Parameter files: Texts to time besides; `only:WORDS` leaves out made-up ones without these words in their names.
    static func run(files: [String]) throws {
        let only = files.first { $0.hasPrefix("only:") }.map { $0.dropFirst("only:".count) }
        let files = files.filter { !$0.hasPrefix("only:") }
        let scrubbers = try PrivacyBenchmark.engines.map { ($0.name, try Scrubber(engine: $0)) }
        print("| text | " + scrubbers.map { "\($0.0) MB/s" }.joined(separator: " | ") + " | findings |")
        print("| --- | " + scrubbers.map { _ in "---:" }.joined(separator: " | ") + " | ---: |")
        var texts = SampleTexts.all.filter { text in only.map { text.name.contains($0) } ?? true }
        for file in files {
            texts.append((file, Array(try Data(contentsOf: URL(fileURLWithPath: file)))))
        }
        for (name, text) in texts {
            let rates = scrubbers.map { rate(text, $0.1) }
            let count = scrubbers[0].1.findings(in: text).count
            print("| \(name) | " + rates.map(decimal).joined(separator: " | ") + " | \(count) |")
        }
        guard only == nil else { return }
        let prose = SampleTexts.prose
        for size in [64, 1024, 16 * 1024] {
            let rates = scrubbers.map { streamRate(prose, $0.1, size) }
            print("| prose, streamed by \(size) bytes | " + rates.map(decimal).joined(separator: " | ") + " | |")
        }
        let answer = Array(prose[..<2048])
        let times = scrubbers.map { Double(answer.count) / rate(answer, $0.1) }
        print("| an answer of 2 KiB: µs | " + times.map(decimal).joined(separator: " | ") + " | |")
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func rate(_ text: [UInt8], _ scrubber: Scrubber) -> Double {
        measure(text.count) { scrubber.scrub(text).count }
    }

    private static func streamRate(_ text: [UInt8], _ scrubber: Scrubber, _ size: Int) -> Double {
        measure(text.count) {
            var stream = StreamingScrubber(scrubber)
            var output: [UInt8] = []
            output.reserveCapacity(text.count)
            text.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: size) {
                    stream.push(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + size)]), into: &output)
                }
            }
            stream.finish(into: &output)
            return output.count
        }
    }

    /// Megabytes a second.
    private static func measure(_ bytes: Int, _ body: () -> Int) -> Double {
        var rates: [Double] = []
        for _ in 0..<runs {
            var count = 0
            var sink = 0
            let clock = ContinuousClock()
            let start = clock.now
            repeat {
                sink &+= body()
                count += 1
            } while clock.now - start < .milliseconds(60)
            let (seconds, attoseconds) = (clock.now - start).components
            precondition(sink != .min)
            rates.append(Double(bytes * count) / (Double(seconds) * 1e6 + Double(attoseconds) / 1e12))
        }
        return rates.sorted()[runs / 2]
    }
}
