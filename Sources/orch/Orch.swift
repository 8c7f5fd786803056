import Orchestrators

/// The program as it is shipped: without tools of anybody's own.
@main
enum Orch {
    static func main() async { await OrchestratorProgram.main() }
}
