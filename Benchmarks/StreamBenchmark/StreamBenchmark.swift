import NIOCore
import NIOPosix

/// Both ends of a benchmark of streams: a model server that gives tokens at a rate, and a client that counts them.
///
///     StreamBenchmark serve PORT TOKENS INTERVAL_US [BYTES]
///     StreamBenchmark load PORT TOKEN TOKENS CONNECTIONS STREAMS [stall]
///
/// `serve` answers every POST with TOKENS tokens of BYTES bytes, one each INTERVAL_US microseconds (0: as fast as they
/// are taken), and every GET with a list of one model. `load` runs STREAMS streams on each of CONNECTIONS connections and
/// prints one line of JSON: streams, tokens that came and that were lost, failures, and the time to the first token in
/// microseconds. With `stall` it reads each stream's beginning and then nothing until its standard input ends.
@main
struct StreamBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        func number(_ index: Int) throws -> Int {
            guard index < arguments.count, let value = Int(arguments[index]), value >= 0 else { throw Usage() }
            return value
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        switch arguments.dropFirst().first {
        case "serve":
            let server = TokenServer(
                tokens: try number(3), interval: .microseconds(Int64(try number(4))),
                bytes: arguments.count > 5 ? try number(5) : 4)
            try await server.run(port: try number(2), group: group)
        case "load":
            guard arguments.count > 6 else { throw Usage() }
            let load = StreamLoad(
                port: try number(2), token: arguments[3], tokens: try number(4), connections: try number(5),
                streams: try number(6), stalls: arguments.count > 7 && arguments[7] == "stall")
            print(try await load.run(group: group))
        default:
            throw Usage()
        }
    }
}

struct Usage: Error, CustomStringConvertible {
    var description: String { "usage: StreamBenchmark serve|load …: see the source" }
}
