import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Terminal {
    /// The standard streams of this process.
    static let system = Terminal(
        standardOutput: .descriptor(.standardOutput),
        standardError: .descriptor(.standardError),
        standardInput: .descriptor(.standardInput))
}

extension Terminal.Output {
    fileprivate static func descriptor(_ descriptor: FileDescriptor) -> Terminal.Output {
        let isTerminal = isatty(descriptor.rawValue) == 1
        let palette = Palette(isTerminal: isTerminal) { getenv($0).map { String(cString: $0) } }
        return Terminal.Output(isTerminal: isTerminal, palette: palette) { text in
            do {
                try descriptor.writeAll(text.utf8)
            } catch Errno.brokenPipe {
                throw Terminal.Closed()
            }
        }
    }
}

extension Terminal.Input {
    fileprivate static func descriptor(_ descriptor: FileDescriptor) -> Terminal.Input {
        let reader = LineReader(descriptor)
        return Terminal.Input(isTerminal: isatty(descriptor.rawValue) == 1) { try await reader.next() }
    }
}
