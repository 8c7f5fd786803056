import OrchCore
import Subprocess
import SystemPackage

/// Runs git, with nothing of the caller's configuration that could change what it prints or make it run something else.
struct GitCommand: Sendable {
    /// Of the lists that are read whole.
    private static let maximumListBytes = 512 << 20

    let folder: FilePath

    /// What a command prints, read whole.
    func output(_ arguments: [String]) async throws(SourceTreeError) -> [UInt8] {
        do {
            let result = try await run(
                .name("git"), arguments: Arguments(Self.prefix + arguments), environment: Self.environment,
                workingDirectory: folder, input: .none, output: .bytes(limit: Self.maximumListBytes),
                error: .string(limit: 4096))
            guard result.terminationStatus.isSuccess else { throw Self.failure(result.standardError) }
            return result.standardOutput
        } catch {
            throw Self.wrapped(error)
        }
    }

    /// Whether a command that asks something says yes (status 0) or no (status 1).
    func succeeds(_ arguments: [String]) async throws(SourceTreeError) -> Bool {
        do {
            let result = try await run(
                .name("git"), arguments: Arguments(Self.prefix + arguments), environment: Self.environment,
                workingDirectory: folder, input: .none, output: .discarded, error: .string(limit: 4096))
            switch result.terminationStatus {
            case .exited(0): return true
            case .exited(1): return false
            default: throw Self.failure(result.standardError)
            }
        } catch {
            throw Self.wrapped(error)
        }
    }

    /// Hands over what a command prints, piece by piece.
    func forEachPiece(_ arguments: [String], _ body: (UnsafeRawBufferPointer) throws -> Void) async throws {
        let result: ExecutionResult<Void, SequenceOutput, DiscardedOutput>
        do {
            result = try await run(
                .name("git"), arguments: Arguments(Self.prefix + arguments), environment: Self.environment,
                workingDirectory: folder, input: .none, output: .sequence, error: .discarded
            ) { execution in
                for try await buffer in execution.standardOutput { try buffer.withUnsafeBytes(body) }
            }
        } catch let error as SubprocessError {
            throw Self.wrapped(error)
        }
        guard result.terminationStatus.isSuccess else { throw Self.failure(nil) }
    }

    /// Hooks, pagers, file watchers and whoever owns the folder have no say.
    private static let prefix = [
        "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
        "-c", "safe.directory=*", "--no-optional-locks",
    ]

    private static let environment = Environment.inherit.updating([
        "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    ])

    private static func failure(_ text: String?) -> SourceTreeError {
        if text?.contains("not a git repository") ?? false {
            return SourceTreeError(.notARepository, "the folder is in no git repository")
        }
        let first = text?.split(separator: "\n").first.map { ": \($0)" } ?? ""
        return SourceTreeError(.failed, "git could not do it\(first)")
    }

    private static func wrapped(_ error: any Error) -> SourceTreeError {
        switch error {
        case let error as SourceTreeError: error
        case let error as SubprocessError where error.code == .executableNotFound:
            SourceTreeError(.noGit, "git is not installed, or not on the PATH")
        default: SourceTreeError(.failed, "git could not be run")
        }
    }
}
