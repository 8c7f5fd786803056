import OrchCore
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import OrchTools

/// Times the parts of a request's way, each alone: nanoseconds an operation, the median of several runs.
///
/// Times compare within one run on one machine only.
@main
enum PartsBenchmark {
    private static let runs = 9
    private static let leastRunTime = Duration.milliseconds(60)

    static func main() throws {
        let body = chatBody(messages: 8, wordsPerMessage: 60)
        let value = try JSONValue(parsing: body)
        let router = try RulePolicyFile.load("config/router_policy.yaml", compiler: RE2Compiler()).value
        let question = "Why does the monthly report take so long, and what would you measure first?"
        print("| part | ns | MB/s |")
        print("| --- | ---: | ---: |")
        report("JSON: scan a chat body of \(body.count) bytes", bytes: body.count) {
            (try? JSONDocument(parsing: body))?.root.range.count ?? 0
        }
        report("JSON: decode it to values", bytes: body.count) { (try? JSONValue(parsing: body))?.kind.hashValue ?? 0 }
        report("JSON: write it", bytes: body.count) { value.serialized.count }
        report("JSON: write it canonically (RFC 8785)", bytes: body.count) { value.canonical.count }
        report("route: a question that no rule takes") { router.decide(question).reason.utf8.count }
        report("route: a calculation") { router.decide("calculate 12.5 * (3 + 4)").reason.utf8.count }
        report("safe_calc: 12.5 * (3 + 4)") { (try? Calculator().evaluate("12.5 * (3 + 4)"))?.utf8.count ?? 0 }
        report("safe_calc: 2**1000 // 3") { (try? Calculator().evaluate("2**1000 // 3"))?.utf8.count ?? 0 }
        report("safe_calc: 9**9**9, refused") { (try? Calculator().evaluate("9**9**9"))?.utf8.count ?? 0 }
    }

    private static func report(_ name: String, bytes: Int? = nil, _ operation: () -> Int) {
        let nanoseconds = median((0..<runs).map { _ in time(operation) })
        let rate = bytes.map { String(Int(Double($0) / nanoseconds * 1000)) } ?? ""
        print("| \(name) | \(Int(nanoseconds.rounded())) | \(rate) |")
    }

    /// Nanoseconds of one operation, over as many as take the least time.
    private static func time(_ operation: () -> Int) -> Double {
        var count = 1
        while true {
            var sink = 0
            let duration = ContinuousClock().measure {
                for _ in 0..<count { sink &+= operation() }
            }
            precondition(sink != Int.min)
            guard duration < leastRunTime else {
                let (seconds, attoseconds) = duration.components
                return (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(count)
            }
            count *= 2
        }
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }

    private static func chatBody(messages: Int, wordsPerMessage: Int) -> [UInt8] {
        let text = (0..<wordsPerMessage).map { "word\($0 % 17)" }.joined(separator: " ")
        let list = (0..<messages).map { index -> JSONValue in
            ["role": index % 2 == 0 ? "user" : "assistant", "content": .string("\(text) „\(index)“\n")]
        }
        return JSONValue.object(["model": "auto", "temperature": 0.7, "messages": .array(list)]).serialized
    }
}
