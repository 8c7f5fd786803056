import Logging
import Testing

@testable import OrchObservability

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct LogDescriptorTests {
    /// A real pipe, closed at the end.
    private final class Pipe {
        let reader: Int32
        let writer: Int32

        init(blocking: Bool) {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            (reader, writer) = (ends[0], ends[1])
            _ = fcntl(reader, F_SETFL, O_NONBLOCK)
            if !blocking { _ = fcntl(writer, F_SETFL, O_NONBLOCK) }
        }

        deinit {
            close(reader)
            close(writer)
        }

        func drain() -> String {
            var all: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reader, &chunk, chunk.count)
                guard count > 0 else { return String(decoding: all, as: UTF8.self) }
                all += chunk[..<count]
            }
        }
    }

    @Test func `Lines arrive whole and in order`() {
        let pipe = Pipe(blocking: true)
        let output = LogDescriptor(pipe.writer)
        for index in 0..<100 { output.write(Array("line \(index)\n".utf8)) }
        #expect(pipe.drain() == (0..<100).map { "line \($0)\n" }.joined())
        #expect(output.droppedLines == 0)
    }

    @Test func `A full pipe drops lines, counts them, and never joins two`() {
        let pipe = Pipe(blocking: false)
        let output = LogDescriptor(pipe.writer)
        let long = String(repeating: "x", count: 5000)
        for index in 0..<40 { output.write(Array("\(index) \(long) end\n".utf8)) }
        #expect(output.droppedLines > 0)
        let first = pipe.drain()
        output.write(Array("after\n".utf8))
        let lines = (first + pipe.drain()).split(separator: "\n")
        #expect(lines.last == "after")
        let whole = lines.dropLast().filter { $0.hasSuffix(" end") }
        #expect(whole.count + output.droppedLines == 40)
        #expect(lines.allSatisfy { $0 == "after" || $0.filter { $0 == " " }.count <= 2 })
    }

    @Test func `A reader that is gone costs the line and nothing else`() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        close(ends[0])
        let output = LogDescriptor(ends[1])
        output.write(Array("lost\n".utf8))
        output.write(Array("lost\n".utf8))
        #expect(output.droppedLines == 2)
        close(ends[1])
        LogDescriptor(-1).write(Array("lost\n".utf8))
    }

    @Test func `Lines of many tasks do not mix`() async {
        var path = Array("/tmp/orch-log-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        unlink(path)
        defer { close(file) }
        let output = LogDescriptor(file)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "t") { JSONLogHandler(label: $0, sink: output.write) }
                    for index in 0..<500 { logger.info("m \(task) \(index)") }
                }
            }
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(file, &bytes, bytes.count, 0)
        let lines = String(decoding: bytes[..<max(count, 0)], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 4000)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"time\":") && $0.hasSuffix("\"}") })
    }

    @Test(arguments: [true, false]) func `Bootstrapping sends the lines of every logger to stderr`(json: Bool) async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { [json] in
            let output = OrchLogging.bootstrap(json: json, level: .notice)
            Logger(label: "orch.boot").info("too low")
            Logger(label: "orch.boot").notice("line\ntwo")
            exit(output.droppedLines == 0 ? 0 : 1)
        }
        let lines = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix(json ? #""message":"line\ntwo"}"# : #"NOTICE orch.boot: line\ntwo"#) == true)
    }
}
