import Logging
import OrchCore
import Synchronization

@testable import OrchObservability

/// Keeps lines in memory.
final class LogCapture: Sendable {
    private let lines = Mutex<[[UInt8]]>([])

    func sink(_ line: [UInt8]) { lines.withLock { $0.append(line) } }
    var bytes: [[UInt8]] { lines.withLock { $0 } }
    var text: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }

    func logger(json: Bool, _ level: Logger.Level = .trace) -> Logger {
        let now: Now = { Timestamp(microseconds: 1_767_323_045_678_999) }
        return Logger(label: "orch.test") { label in
            OrchLogging.handler(json: json, label: label, level: level, now: now, sink: self.sink)
        }
    }
}
