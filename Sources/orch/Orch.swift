import OrchConfiguration
@main
enum Orch {
    static let version = "0.1.0"
    static func main() async throws {
        let loaded = try ConfigurationLoader.load(try SystemInputs.load())
        try await Program(loaded, role: .server).serve()
    }
}
