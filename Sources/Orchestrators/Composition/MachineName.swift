import OrchReceipts

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What this machine calls itself.
enum MachineName {
    /// The host's name, as far as it can be part of a log's name.
    static var current: String {
        var characters = [CChar](repeating: 0, count: 256)
        let failed = gethostname(&characters, characters.count - 1) != 0
        let name = String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return failed || !KeyName.isValid(name) ? "localhost" : name
    }
}
