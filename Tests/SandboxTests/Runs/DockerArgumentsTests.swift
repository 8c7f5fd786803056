import Testing

@testable import OrchSandbox

/// What docker is told. Whether it holds was not tried: that needs an engine.
@Suite struct DockerArgumentsTests {
    private let limits = SandboxLimits(
        wallClock: .seconds(20), memory: 64 << 20, cpuShare: 0.5, processes: 16, openFiles: 32, fileSize: 1000,
        temporaryFolder: 4096)

    @Test func `a container has no network, no rights, no room, and its guest's command last`() {
        let backend = DockerBackend(client: "/usr/bin/docker", image: "python:3.12-slim", toolFolder: "/srv/tools")
        let words = backend.arguments(
            .tool("count.py", words: ["--fast"], input: []), limits, toolFolder: "/srv/tools",
            name: "orch-sandbox-1", mark: "mark")
        let options = words.prefix { $0 != "python:3.12-slim" }.joined(separator: " ")
        #expect(
            options == """
                docker run --rm --interactive --name orch-sandbox-1 --pull never --network=none --read-only \
                --pids-limit 16 --memory 67108864 --memory-swap 67108864 --cpus 0.5 --cap-drop=ALL \
                --security-opt=no-new-privileges --ipc=none --user 65534:65534 --workdir /tmp --hostname sandbox \
                --log-driver none --ulimit nofile=32 --ulimit fsize=1000 --ulimit core=0 --ulimit cpu=8 \
                --tmpfs /tmp:rw,noexec,nosuid,nodev,size=4096,nr_inodes=4096 \
                --mount type=bind,source=/srv/tools,target=/tools,readonly
                """)
        #expect(Array(words.suffix(4)) == ["file", "mark", "/tools/count.py", "--fast"])
        #expect(!words.contains { $0.contains("docker.sock") })
    }

    @Test func `without a folder nothing is mounted`() {
        let backend = DockerBackend(client: "docker", image: "i", toolFolder: "")
        let words = backend.arguments(.pythonCode("1"), limits, toolFolder: nil, name: "n", mark: "m")
        #expect(!words.contains("--mount") && words.suffix(2) == ["exec", "m"])
    }

    @Test func `a client without an engine, or none, is no sandbox, and says what to install`() {
        let client = ToolFolder(["docker": "#!/bin/sh\nexit 1\n"])
        for place in ["\(client.path)/docker", "/nowhere/docker"] {
            let error = #expect(throws: SandboxError.self) {
                try DockerBackend.find(in: [place], Sandbox.Settings(choice: .docker, toolFolder: ""))
            }
            #expect(error?.code == .unavailable && error?.message.contains("install bubblewrap") == true)
        }
    }

    @Test func `an image that is not there is not fetched`() {
        let client = ToolFolder(["docker": "#!/bin/sh\n[ \"$1\" = version ]\n"])
        let error = #expect(throws: SandboxError.self) {
            try DockerBackend.find(in: ["\(client.path)/docker"], Sandbox.Settings(choice: .docker, toolFolder: ""))
        }
        #expect(error?.message.contains("docker pull") == true)
    }
}
