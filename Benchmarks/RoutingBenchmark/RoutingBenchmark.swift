import OrchClassification
import OrchCore
import OrchOrchestrator
import OrchPolicyFiles
import OrchRE2
import OrchRouting

/// Times, for scripts/measure-routing, what a routing decision takes: a line `name value` for each figure, microseconds
/// unless the name says otherwise.
///
///     RoutingBenchmark RULES INTENTS EMBEDDER    the rule file, intents as lines of JSON, the folder of MiniLM's files
@main
enum RoutingBenchmark {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3 else {
            print("usage: RoutingBenchmark RULES INTENTS EMBEDDER")
            return
        }
        let rules = try RulePolicyFile.load(arguments[0], compiler: RE2Compiler()).value
        let catalog = try IntentFile.load(arguments[1]).value
        let embedder = try Embedder(folder: arguments[2])
        let learned = try await Learned(catalog, embedder)
        print("intents \(catalog.intents.count)")
        try await DecisionTimes(rules: rules, learned: learned, embedder: embedder).run()
        try await ManyIntents(learned, embedder, rules: rules).compare()
        try HostileExpressions.run()
    }
}
