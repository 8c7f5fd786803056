import OrchCore
import OrchReceipts
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchKeyFiles

@Suite("The key of a log")
struct LogKeyringTests {
    /// A log's keys, as its database would have them.
    private final class Keys: Sendable {
        private let list = Mutex<[LogKey]>([])
        var all: [LogKey] { list.withLock { $0 } }

        func adopt(_ key: VerifierKey) -> Bool {
            list.withLock { list in
                guard list.isEmpty else { return false }
                list.append(LogKey(firstSize: 0, key: key, note: nil))
                return true
            }
        }

        func add(_ key: VerifierKey) { list.withLock { $0.append(LogKey(firstSize: 7, key: key, note: nil)) } }
    }

    private let folder: TemporaryFolder
    private let keys = Keys()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func keyring(origin: String = "example.com/log", isChosen: Bool = false) -> LogKeyring {
        LogKeyring(
            file: SigningKeyFile(folder.path("receipts.key")),
            log: LogKeyring.Log(keys: { [keys] in keys.all }, adopt: { [keys] in keys.adopt($0) }), origin: origin,
            isOriginChosen: isChosen)
    }

    private func refusal(_ keyring: LogKeyring) -> ReceiptError.Code? {
        do {
            _ = try keyring.key()
            return nil
        } catch { return (error as? ReceiptError)?.code }
    }

    @Test("Is made at the first start, and is the same at the next")
    func first() throws {
        let made = try keyring().key()
        #expect(keys.all.map(\.key) == [made.verifier] && made.verifier.name == "example.com/log")
        #expect(try keyring().key().verifier == made.verifier)
        #expect(try keyring().status().isInOrder)
    }

    @Test("Is not made again where its file is gone, and nothing is put in its place")
    func missing() throws {
        _ = try keyring().key()
        SigningKeyFile(folder.path("receipts.key")).remove()
        #expect(refusal(keyring()) == .keyMissing)
        #expect(folder.read("receipts.key").isEmpty && keys.all.count == 1)
        #expect(try !keyring().status().isInOrder)
    }

    @Test("Is refused where the file holds another one, and a key without its log as well")
    func others() throws {
        let other = SigningKey(generatingFor: "example.com/log")
        try SigningKeyFile(folder.path("receipts.key")).write(other)
        #expect(refusal(keyring()) == .keyDiffers)
        #expect(keys.all.isEmpty)
        keys.add(SigningKey(generatingFor: "example.com/log").verifier)
        #expect(refusal(keyring()) == .keyDiffers)
    }

    @Test("Is put in its place where the process that made it died before it could")
    func interrupted() throws {
        let first = try keyring().key()
        let next = SigningKey(generatingFor: first.verifier.name)
        let file = SigningKeyFile(folder.path("receipts.key"))
        try file.pending(next.verifier).write(next)
        // Before the database names it, it is nobody's key.
        #expect(try keyring().key().verifier == first.verifier)
        keys.add(next.verifier)
        #expect(try keyring().key().verifier == next.verifier)
        #expect(try file.read()?.verifier == next.verifier)
        #expect(try file.pending(next.verifier).read() == nil)
    }

    @Test("Keeps its name: one that was chosen and is another is refused")
    func names() throws {
        let made = try keyring().key()
        #expect(try keyring(origin: "other", isChosen: false).key().verifier == made.verifier)
        #expect(refusal(keyring(origin: "other", isChosen: true)) == .keyDiffers)
        #expect(refusal(keyring(origin: "example.com/log", isChosen: true)) == nil)
    }

    @Test("Of two processes that start at once, both have the one key")
    func race() throws {
        let winner = SigningKey(generatingFor: "example.com/log")
        let rival = LogKeyring(
            file: SigningKeyFile(folder.path("receipts.key")),
            log: LogKeyring.Log(
                keys: { [keys] in keys.all },
                adopt: { [keys, folder] _ in
                    // The other process comes first, in the moment between.
                    let file = SigningKeyFile(folder.path("receipts.key"))
                    if keys.adopt(winner.verifier) { try file.write(winner) }
                    return false
                }), origin: "example.com/log", isOriginChosen: false)
        #expect(try rival.key().verifier == winner.verifier)
    }

    @Test(
        "Is not read where others may read it, where it is no key, and where it is cut",
        arguments: [0o640, 0o604, 0o660])
    func modes(_ mode: Int) throws {
        _ = try keyring().key()
        folder.setMode(UInt32(mode), of: "receipts.key")
        #expect(throws: KeyFileError.self) { try keyring().key() }
        folder.setMode(0o600, of: "receipts.key")
        let whole = folder.read("receipts.key")
        for broken in [[], Array(whole.dropLast(10)), Array("not a key\n".utf8)] {
            try folder.write("receipts.key", broken)
            let error = #expect(throws: KeyFileError.self) { try keyring().key() }
            #expect(error.map { !$0.message.contains(folder.path) } ?? false)
        }
    }
}
