package import OrchCore

/// Something that a request, an agent or a model may have done: a described, typed and bounded function.
package struct Tool: Sendable {
    package typealias Handler = @Sendable (JSONObject) async throws -> ToolOutput

    /// Letters, digits, `_`, `.` and `-`, at most ``maximumNameLength``; checked at registration.
    package let name: String
    package let description: String
    /// A JSON Schema of an object; see ``ArgumentSchema`` for what it may use.
    package let parameters: JSONValue
    /// Whether it may run without an approval.
    package let safe: Bool
    /// Whether it runs in the sandbox and nowhere else.
    package let requiresSandbox: Bool
    /// Whether it says of itself that it may run without a sandbox where none is to be had.
    package let allowUnsandboxed: Bool
    /// How long one call may take; nil of a tool whose work is bounded by its own limits, which no clock has to watch,
    /// or by the sandbox's.
    package let timeout: Duration?
    /// Does the work, with arguments that the schema admits. It must end soon after its task is cancelled.
    ///
    /// The message of a thrown ``ToolFailure`` or other `CodedError` is shown; that of any other error is not.
    package let handler: Handler
    /// The program that does the work in the sandbox; nil of a tool that is code of this program's.
    package let command: SandboxCommand?

    package init(
        name: String,
        description: String,
        parameters: JSONValue,
        safe: Bool,
        requiresSandbox: Bool = false,
        allowUnsandboxed: Bool = false,
        timeout: Duration? = .seconds(10),
        handler: @escaping Handler
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.safe = safe
        self.requiresSandbox = requiresSandbox
        self.allowUnsandboxed = allowUnsandboxed
        self.timeout = timeout
        self.handler = handler
        command = nil
    }

    /// A tool that is a program of somebody's own: it runs in the sandbox and nowhere else.
    ///
    /// - Parameter timeout: nil: the sandbox's.
    package init(
        name: String, description: String, parameters: JSONValue, safe: Bool, allowUnsandboxed: Bool = false,
        command: SandboxCommand, timeout: Duration?
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.safe = safe
        requiresSandbox = true
        self.allowUnsandboxed = allowUnsandboxed
        self.timeout = timeout
        handler = { _ in throw ToolFailure.sandboxRequired }
        self.command = command
    }

    package static let maximumNameLength = 64

    /// Whether a text can name a tool.
    package static func isValidName(_ name: String) -> Bool {
        let bytes = name.utf8
        return !bytes.isEmpty && bytes.count <= maximumNameLength
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// A program that a tool runs in the sandbox. It gets the arguments as JSON on its standard input, and answers on its
/// standard output.
package struct SandboxCommand: Sendable, Hashable {
    package enum Program: Sendable, Hashable {
        /// In ORCH_SANDBOX_TOOL_DIR, by its path in there.
        case file(String)
        /// Python, which is the argument of this name.
        case pythonExpression(String)
        case pythonCode(String)
    }

    package var program: Program
    /// What a file is started with.
    package var arguments: [String]
    /// Megabytes; nil: ORCH_SANDBOX_MEMORY_MB.
    package var memoryLimit: Int?

    package init(program: Program, arguments: [String] = [], memoryLimit: Int? = nil) {
        self.program = program
        self.arguments = arguments
        self.memoryLimit = memoryLimit
    }
}

/// What a tool answers.
package struct ToolOutput: Sendable, Hashable {
    package var text: String
    /// Whether the text holds nothing but numbers that were calculated from the arguments. They say nothing of anybody,
    /// though they may have the form of a payment card's, and are not scrubbed.
    package var isCalculated: Bool
    /// Of an answer with several parts: their names and texts, in order. The text is then the JSON object of what is
    /// left of them when they are scrubbed and cut.
    package var parts: [Part] = []
    /// Of a program that ran in the sandbox: the word for its walls, for receipts.
    package var walls: String?

    package struct Part: Sendable, Hashable {
        package var name: String
        package var text: String?

        package init(_ name: String, _ text: String?) {
            self.name = name
            self.text = text
        }
    }

    package init(_ text: String, isCalculated: Bool = false) {
        self.text = text
        self.isCalculated = isCalculated
    }

    package init(parts: [Part]) {
        self.init("")
        self.parts = parts
    }
}
