import OrchEgress
import OrchModelClients
import OrchTestSupport
import Testing

@Suite("Every provider keeps the port's promises", .timeLimit(.minutes(2)))
struct ProviderConformanceTests {
    static let subjects: [ProviderSubject] = [
        .openAI("openai") { http, _ in openAI(http) },
        .openAI("local", healthPath: "/health") { http, _ in openAI(http, name: .local) },
        .ollama { http, _ in ollama(http) },
    ]

    @Test("whatever its server does", arguments: subjects, ProviderConformance.Check.allCases)
    func keeps(subject: ProviderSubject, check: ProviderConformance.Check) async throws {
        try await ProviderConformance(subject).run(check)
    }
}
