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
        return Terminal.Output(isTerminal: isTerminal, palette: palette) { bytes in
            do {
                try descriptor.writeAll(bytes)
            } catch Errno.brokenPipe {
                throw Terminal.Closed()
            } catch let error as Errno {
                throw CommandFailure(.brokenOutput, "the output cannot be written: \(error)")
            }
        }
    }
}

extension Terminal.Input {
    fileprivate static func descriptor(_ descriptor: FileDescriptor) -> Terminal.Input {
        let reader = LineReader(descriptor)
        return Terminal.Input(
            isTerminal: isatty(descriptor.rawValue) == 1, nextLine: { try await reader.next() },
            nextPiece: { try await reader.nextPiece() })
    }
}
