import Testing

@testable import OrchSandbox

@Suite struct MachineTests {
    @Test(
        arguments: [
            ("         0          0 4294967295\n", 1_800_000_000...1_900_000_000),
            ("0 100000 65536\n", 65_035...65_534),
            ("0 1000 1\n1 100000 65536\n", 65_036...65_535),
            ("0 1000 1\n", nil), ("", nil), ("nothing of the kind\n", nil),
            ("0 0 99999999999999\n", 1_800_000_000...1_900_000_000),
        ] as [(String, ClosedRange<UInt32>?)])
    func `root's programs are users that there are, and nobody is`(map: String, users: ClosedRange<UInt32>?) {
        #expect(Machine.users(in: map) == users)
    }
}
