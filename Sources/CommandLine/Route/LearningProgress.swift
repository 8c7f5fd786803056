import Synchronization

/// Shows how far the learning of intents is, which goes on elsewhere; nothing where standard error is no terminal.
final class LearningProgress: Sendable {
    private struct State {
        var phase = ""
        var line: ProgressLine?
    }

    private let output: Terminal.Output
    private let state = Mutex(State())

    init(on output: Terminal.Output) {
        self.output = output
    }

    // A terminal that is gone does not end the learning; what comes of it cannot be printed then, and that is said.
    func advance(to progress: RoutingBench.Progress) {
        state.withLock { state in
            if state.phase != progress.phase {
                try? state.line?.finish()
                state = State(phase: progress.phase)
            }
            let noun = "\(progress.total > 0 ? "of \(progress.total) " : "")learned (\(progress.phase))"
            var line = state.line ?? ProgressLine(noun, on: output)
            try? line.advance(to: progress.done)
            state.line = line
        }
    }

    func finish() { state.withLock { try? $0.line?.finish() } }
}
