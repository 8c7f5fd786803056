import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a machine offers to the sandbox, part by part: for an operator.
package struct SandboxInspection: Sendable {
    package enum Verdict: Sendable, Hashable { case ok, warning, failed }

    package struct Part: Sendable, Hashable {
        package let name: String
        package let verdict: Verdict
        package let detail: String
        /// How to mend it.
        package let remedy: String?

        init(_ name: String, _ verdict: Verdict, _ detail: String, remedy: String? = nil) {
            self.name = name
            self.verdict = verdict
            self.detail = detail
            self.remedy = remedy
        }

        /// What an error says is missing, with what it says to do behind the first semicolon or full stop.
        init(_ name: String, _ error: SandboxError) {
            self.init(name, .failed, error.message)
        }
    }

    private let settings: Sandbox.Settings
    private let machine: Machine

    package init(_ settings: Sandbox.Settings) { self.init(settings, machine: Machine()) }

    init(_ settings: Sandbox.Settings, machine: Machine) {
        self.settings = settings
        self.machine = machine
    }

    /// Looks. It starts bubblewrap and Python, and changes nothing but what a sandbox itself would.
    ///
    /// Blocks; for a worker's thread.
    package func parts() -> [Part] {
        guard settings.choice != .docker else { return [docker(isChosen: true), toolFolder()] }
        var parts = [launcher(), python(), filter(), groups()]
        if !parts.contains(where: { $0.verdict == .failed }) { parts.append(walls()) }
        parts += [user(), toolFolder()]
        if parts.contains(where: { $0.verdict == .failed }) { parts.append(docker(isChosen: false)) }
        return parts
    }

    private func launcher() -> Part {
        guard let path = machine.bubblewrap.first(where: SystemFile.isExecutable) else {
            return Part("bubblewrap", BubblewrapBackend.missing)
        }
        let version = try? HostCommand.run([path, "--version"], timeout: .seconds(5))
        let text = String(decoding: version?.output ?? [], as: UTF8.self)
        return Part("bubblewrap", .ok, String(text.prefix { !$0.isNewline }))
    }

    private func python() -> Part {
        do throws(SandboxError) {
            let python = try PythonRuntime.find(in: machine.python)
            return Part("python", .ok, "\(python.version), shown by \(python.folders.count + python.files.count) paths")
        } catch {
            return Part("python", error)
        }
    }

    private func filter() -> Part {
        do throws(SandboxError) {
            let bytes = try machine.filter()
            return Part("system calls", .ok, "a filter of \(bytes.count / 8) instructions")
        } catch {
            return Part("system calls", error)
        }
    }

    private func groups() -> Part {
        let name = "control groups"
        let weaker = "a program has one process alone, and only its address space is bounded"
        guard machine.usesGroups else { return Part(name, .warning, "not used: \(weaker)") }
        switch Cgroups.find().prepare() {
        case .available(let version, let controllers):
            let list = controllers.map(\.rawValue).sorted().joined(separator: ", ")
            let isComplete = controllers.contains(.cpu)
            return Part(
                name, isComplete ? .ok : .warning, "\(version.rawValue): \(list)",
                remedy: isComplete ? nil : "hand the cpu controller down too (Delegate=memory pids cpu)")
        case .unavailable(let reason, let remedy):
            return Part(name, .warning, "\(reason): \(weaker)", remedy: remedy)
        }
    }

    private func walls() -> Part {
        do throws(SandboxError) {
            _ = try machine.bubblewrap(settings)
            return Part("namespaces", .ok, "a program has run in the sandbox")
        } catch {
            return Part("namespaces", error)
        }
    }

    private func user() -> Part {
        geteuid() == 0
            ? Part("user", .ok, "the server is root: every run is a user of its own, that nobody is")
            : Part("user", .ok, "programs run as the server's user, who is nobody in their namespace")
    }

    private func toolFolder() -> Part {
        SystemFile.folder(settings.toolFolder) == nil
            ? Part("tool folder", .ok, "not there: there are no programs of your own")
            : Part("tool folder", .ok, "there")
    }

    private func docker(isChosen: Bool) -> Part {
        do throws(SandboxError) {
            let backend = try DockerBackend.find(in: machine.docker, settings)
            return Part("docker", .ok, "its engine answers, and has \(backend.image)")
        } catch {
            return Part("docker", isChosen ? .failed : .warning, error.message)
        }
    }
}
