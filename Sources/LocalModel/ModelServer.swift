package import Logging
import OrchCore
package import OrchProviders
import ServiceLifecycle
import Subprocess
import Synchronization

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The managed model server: a llama.cpp child on a loopback port, watched, restarted with back-off, stopped with us.
///
/// The child holds our end of its standard input; when that closes, however we end, it ends too.
package final class ModelServer: Service {
    /// What is served, and how.
    package struct Settings: Sendable {
        /// The Python of the environment that the set-up made for the server.
        package var interpreter: String
        /// Where the launcher is written before a start.
        package var launcherPath: String
        package var modelPath: String
        /// The model's name in requests and lists.
        package var modelName: String
        /// Context of one request, in tokens.
        package var contextTokens: Int
        /// Requests that are answered at the same time.
        package var parallel: Int

        package init(
            interpreter: String, launcherPath: String, modelPath: String, modelName: String, contextTokens: Int = 4096,
            parallel: Int = 2
        ) {
            self.interpreter = interpreter
            self.launcherPath = launcherPath
            self.modelPath = modelPath
            self.modelName = modelName
            self.contextTokens = contextTokens
            self.parallel = parallel
        }
    }

    /// Where the child answers, and the key that it wants.
    package struct Address: Sendable {
        package var port: Int
        package var key: String
    }

    private enum State {
        /// The port is known once the child listens.
        case starting(port: Int?)
        case ready(port: Int)
        case down(reason: String)
    }

    /// A child that answered for so long starts anew at once; one that keeps failing waits longer each time.
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)
    private static let steadyAfter = Duration.seconds(60)
    private static let teardownPatience = Duration.seconds(3)

    private let settings: Settings
    private let logger: Logger
    private let onRestart: @Sendable () -> Void
    private let state = Mutex(State.starting(port: nil))
    /// Known to this process and its child alone, so that no other user of the machine can use the child.
    private let key: String

    package init(settings: Settings, logger: Logger, onRestart: @escaping @Sendable () -> Void = {}) {
        self.settings = settings
        self.logger = logger
        self.onRestart = onRestart
        var generator = SystemRandomNumberGenerator()
        key = Hexadecimal.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// The one model that is served.
    package var modelName: String { settings.modelName }

    /// Where to ask.
    ///
    /// - Throws: ``ProviderError`` with ``ProviderError/Code/notReady`` while the child is starting or down.
    package func address() throws(ProviderError) -> Address {
        switch state.withLock({ $0 }) {
        case .ready(let port):
            return Address(port: port, key: key)
        case .starting:
            throw ProviderError(
                .notReady, "the managed model server is loading its model; try again in a moment",
                retryAfter: .seconds(1))
        case .down(let reason):
            throw ProviderError(
                .notReady, "the managed model server is down (\(reason)) and will be started again",
                retryAfter: .seconds(2))
        }
    }

    /// Runs the child until the service is stopped.
    package func run() async throws {
        try ModelLauncher.write(to: settings.launcherPath)
        await cancelWhenGracefulShutdown { await self.superviseUntilCancelled() }
    }

    private func superviseUntilCancelled() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            state.withLock { $0 = .starting(port: nil) }
            let start = ContinuousClock.now
            let reason = await runChild()
            guard !Task.isCancelled else { return }
            state.withLock { $0 = .down(reason: reason) }
            if start.duration(to: .now) > Self.steadyAfter { pause = Self.firstPause }
            logger.warning(
                "the managed model server ended; starting it again",
                metadata: ["reason": "\(reason)", "pause": "\(pause)"])
            onRestart()
            do { try await Task.sleep(for: pause) } catch { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Runs one child to its end and says why it ended.
    private func runChild() async -> String {
        var options = PlatformOptions()
        options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: Self.teardownPatience)]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(settings.interpreter)), arguments: Arguments(arguments), environment: environment,
                platformOptions: options, input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                var failure: String?
                for try await line in execution.standardOutput.strings() {
                    if let reason = self.take(line) { failure = reason }
                }
                // Held to here: the child ends when this closes.
                try await execution.standardInputWriter.finish()
                return failure
            }
            return result.closureResult ?? "ended: \(result.terminationStatus)"
        } catch {
            return "could not be started"
        }
    }

    /// Takes one event of the child's; gives the reason where it is a failure.
    private func take(_ line: String) -> String? {
        guard let event = try? JSONValue(parsing: Array(line.utf8)).objectValue else { return nil }
        switch event["event"]?.stringValue {
        case "ready":
            state.withLock { state in
                if case .starting(let port?) = state { state = .ready(port: port) }
            }
            logger.info("the managed model server is ready")
        case "listening":
            state.withLock { $0 = .starting(port: event["port"]?.intValue) }
        case "error":
            return event["reason"]?.stringValue ?? "unknown"
        default:
            break
        }
        return nil
    }

    private var arguments: [String] {
        [
            "-I", "-u", settings.launcherPath, "--model", settings.modelPath, "--alias", settings.modelName,
            "--ctx", String(settings.contextTokens), "--parallel", String(settings.parallel),
        ]
    }

    private var environment: Environment {
        .custom(["ORCH_LOCAL_API_KEY": key, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"])
    }
}
