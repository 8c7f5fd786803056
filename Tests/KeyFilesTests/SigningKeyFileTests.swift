import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchKeyFiles

@Suite struct SigningKeyFileTests {
    @Test func `a key is written for its owner alone and reads back`() throws {
        let folder = try TemporaryFolder()
        let file = SigningKeyFile(folder.path("receipts.key"))
        #expect(try file.read() == nil)
        let key = SigningKey(generatingFor: "example.com/log")
        try file.write(key)
        #expect(try file.read()?.verifier == key.verifier)
    }
}
