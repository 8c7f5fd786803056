/// What the commands about the sandbox work with.
package struct SandboxBench: Sendable {
    /// One attempt of the escape battery, and how it went.
    package struct Attempt: Sendable, Hashable {
        package enum Verdict: String, Sendable { case held, escaped, broken }

        package var name: String
        package var group: String
        /// One plain line.
        package var what: String
        package var verdict: Verdict
        /// How it was refused, or what it got.
        package var detail: String

        package init(name: String, group: String, what: String, verdict: Verdict, detail: String) {
            self.name = name
            self.group = group
            self.what = what
            self.verdict = verdict
            self.detail = detail
        }
    }

    /// What became of a program.
    package struct Run: Sendable, Hashable {
        package var output: [UInt8]
        package var errors: [UInt8]
        /// `exit`, `timeout`, or the limit that was reached.
        package var end: String
        /// Of `exit`.
        package var exitCode: Int?
        package var milliseconds: Int
        /// Bytes, where they were counted.
        package var peakMemory: Int?

        package init(
            output: [UInt8], errors: [UInt8], end: String, exitCode: Int?, milliseconds: Int, peakMemory: Int?
        ) {
            self.output = output
            self.errors = errors
            self.end = end
            self.exitCode = exitCode
            self.milliseconds = milliseconds
            self.peakMemory = peakMemory
        }
    }

    /// Looks at what this machine offers, part by part, in order.
    package var inspect: @Sendable () async -> [Checkup]
    /// How many attempts the battery has.
    package var attempts: Int
    /// Runs the escape battery; told after each attempt.
    package var battery: @Sendable (_ told: @escaping @Sendable (Attempt) -> Void) async throws -> [Attempt]
    /// Runs one Python program; throws where nothing ran.
    package var run: @Sendable (_ script: [UInt8], _ input: [UInt8]) async throws -> Run

    package init(
        inspect: @escaping @Sendable () async -> [Checkup], attempts: Int,
        battery: @escaping @Sendable (_ told: @escaping @Sendable (Attempt) -> Void) async throws -> [Attempt],
        run: @escaping @Sendable (_ script: [UInt8], _ input: [UInt8]) async throws -> Run
    ) {
        self.inspect = inspect
        self.attempts = attempts
        self.battery = battery
        self.run = run
    }
}
