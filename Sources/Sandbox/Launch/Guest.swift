/// What runs in the sandbox.
package enum Guest: Sendable, Hashable {
    /// A Python expression; its value is what counts. The code is standard input.
    case pythonExpression(String)
    /// Python statements; where the last is an expression, it has a value. The code is standard input.
    case pythonCode(String)
    /// A Python program that is handed over whole, and its standard input.
    case script([UInt8], input: [UInt8])
    /// A program in the tools' folder, by its path in there, with its words and its standard input.
    case tool(String, words: [String], input: [UInt8])

    /// Bytes of a script.
    package static let maximumScript = 8 << 20

    /// Where tools are inside.
    static let toolFolder = "/tools"
    static let scriptPath = "/program.py"

    var input: [UInt8] {
        switch self {
        case .pythonExpression(let code), .pythonCode(let code): Array(code.utf8)
        case .script(_, let input), .tool(_, _, let input): input
        }
    }

    /// Whether Python runs it by way of `guest.py`, which says more of the end than an exit status.
    var isPython: Bool {
        if case .tool(let path, _, _) = self { path.hasSuffix(".py") } else { true }
    }

    /// Refuses a tool whose program is not in the folder.
    func check(in toolFolder: String?) throws(SandboxError) {
        guard case .tool(let path, _, _) = self else { return }
        guard let toolFolder, SystemFile.exists("\(toolFolder)/\(path)") else {
            throw SandboxError(.commandMissing, "the program is not in the tools' folder")
        }
    }

    /// The command inside.
    ///
    /// - Parameter mark: What `guest.py` puts before what it says.
    func command(python: String, mark: String) -> [String] {
        let guest = String(decoding: PackageResources.guest_py, as: UTF8.self)
        let launch = [python, "-I", "-S", "-X", "utf8", "-c", guest]
        return switch self {
        case .pythonExpression: launch + ["eval", mark]
        case .pythonCode: launch + ["exec", mark]
        case .script: launch + ["file", mark, Self.scriptPath]
        case .tool(let path, let words, _):
            isPython
                ? launch + ["file", mark, "\(Self.toolFolder)/\(path)"] + words : ["\(Self.toolFolder)/\(path)"] + words
        }
    }
}
