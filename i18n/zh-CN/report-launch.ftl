### Files that start what was chosen.

report-launch-acceptance = 验收测试
report-launch-from-another = 在另一台机器上运行：{ $command }
report-launch-wired-limit = 若显存不足，可放宽 macOS 给 GPU 的上限：sudo sysctl iogpu.wired_limit_mb=…
report-launch-llama-server = 用 llama-server 部署，在每台机器上各运行一次：即本方案所测算的引擎
report-launch-ollama = 改用 Ollama（同样基于 llama.cpp）
report-launch-each-machine = 在每台机器上各运行一次
report-launch-each-server = 在一个副本的全部 { $count } 台服务器上各运行一次
report-launch-planned = 用 { $engine } 部署，{ $place }：即本方案所测算的引擎
report-launch-other = 用 { $engine } 部署，{ $place }：并非测算所用引擎，须另行实测
report-launch-ray-workers = 由 Ray 把一个副本的各台服务器连成一体。先在其余服务器上运行：sh vllm.sh worker 第一台的地址
report-launch-ray-head = 然后在第一台上运行：sh vllm.sh
report-launch-experts-spread = vLLM 会把专家分布到同一台机器的所有副本上；测算时每个副本各有一份专家。
report-launch-sglang-nodes = 在副本的第一台服务器上运行：HEAD=该台地址 NODE_RANK=0 sh sglang.sh；下一台用 NODE_RANK=1，依此类推
report-launch-local-weights = 也可以改用本地权重目录：MODEL=/srv/models/r1 sh …
report-launch-no-checkpoint = 方案采用 4 比特权重，而 { $repository } 官方没有发布：请指定一份 AWQ 或 GPTQ 权重。
report-launch-leader-worker-set = Kubernetes 的 LeaderWorkerSet：{ $groups } 个副本，每个副本 { $servers } 台服务器
report-launch-kubernetes = Kubernetes：{ $groups } 台机器，统一由一个地址提供服务
report-launch-controller = 需要安装 LeaderWorkerSet 控制器，服务器之间需要 RDMA：测算按每块 GPU 400 Gbit/s 计。
report-launch-pin = 请把镜像固定为通过验收测试的版本；权重存放在每台服务器的 /srv/models。
