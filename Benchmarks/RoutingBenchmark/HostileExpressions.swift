import OrchCore
import OrchRE2
import OrchRouting

/// The classic catastrophic expressions, as rules and as deny expressions, on a text of 1 MB.
enum HostileExpressions {
    private static let expressions = [
        "(a+)+$", "([a-zA-Z]+)*$", "(a|aa)+$", "(a|a?)+$", "^(a?){50}a{50}$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(.*a){12}", #"^(\w+\s?)*$"#, #"(?P<argument>(a+)+)!$"#, "(.*?,){11}P",
    ]

    static func run() throws {
        let size = 1_000_000
        let texts = [String(repeating: "a", count: size) + "!", String(repeating: "xx, ", count: size / 4)]
        var slowest = (time: 0.0, expression: "")
        var refused = 0
        for source in expressions {
            let policy = RulePolicy(
                version: "1", rules: [Rule(id: "r", patterns: [source], tool: "echo", reason: "r")])
            guard let router = try? RuleRouter(policy: policy, compiler: RE2Compiler()),
                let pattern = try? RE2Compiler().compile(source, caseInsensitive: true)
            else {
                refused += 1
                continue
            }
            let gate = GatePatterns(deny: [pattern], allow: [])
            for text in texts {
                var times: [Double] = []
                for _ in 0..<5 {
                    let start = ContinuousClock.now
                    _ = gate.denying(text)
                    _ = router.decide(text)
                    times.append(Timing.microseconds(start.duration(to: .now)) / 2)
                }
                let median = times.sorted()[2]
                if median > slowest.time { slowest = (median, source) }
            }
        }
        print("hostile_expressions \(expressions.count)")
        print("hostile_refused \(refused)")
        Timing.print("hostile_slowest_ms", slowest.time / 1000)
        print("hostile_slowest_expression \(slowest.expression)")
    }
}
