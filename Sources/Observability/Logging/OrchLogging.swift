package import Logging
package import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Installs the program's logging.
package enum OrchLogging {
    /// Sends every logger's lines to stderr. Once in a process, before the first logger is made.
    ///
    /// Ignores SIGPIPE for the whole process: a reader of the log that goes away must not end the server.
    /// - Parameter redact: What every message and every text of metadata goes through before it is written.
    /// - Returns: The writer, which knows how many lines were dropped.
    @discardableResult
    package static func bootstrap(
        json: Bool, level: Logger.Level, metadataProvider: Logger.MetadataProvider? = nil,
        redact: @escaping Redact = { $0 }
    ) -> LogDescriptor {
        signal(SIGPIPE, SIG_IGN)
        let output = LogDescriptor(STDERR_FILENO)
        LoggingSystem.bootstrap(
            { label, provider in
                handler(
                    json: json, label: label, level: level, metadataProvider: provider, redact: redact,
                    sink: output.write)
            }, metadataProvider: metadataProvider)
        return output
    }

    /// The handler that `bootstrap` installs, with a sink of the caller's.
    package static func handler(
        json: Bool, label: String, level: Logger.Level, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping Now = wallClock, redact: @escaping Redact = { $0 }, sink: @escaping LogSink
    ) -> any LogHandler {
        json
            ? JSONLogHandler(
                label: label, level: level, metadataProvider: metadataProvider, now: now, redact: redact, sink: sink)
            : LineLogHandler(
                label: label, level: level, metadataProvider: metadataProvider, now: now, redact: redact, sink: sink)
    }
}
