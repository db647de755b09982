import { type ReactNode, useEffect } from "react";
import { ProjectPage } from "../project/ProjectPage.tsx";
import { ProjectsPage } from "../projects/ProjectsPage.tsx";
import { ToastProvider } from "../ui/Toasts.tsx";
import { Link } from "./Link.tsx";
import { useRoute } from "./router.ts";
import { NameDialog, useUserName } from "./user.tsx";

export function App(): ReactNode {
  const route = useRoute();
  const [name, setName] = useUserName();
  useEffect(() => {
    if (route.page !== "project") document.title = "livegantt";
  }, [route]);
  return (
    <ToastProvider>
      {route.page === "projects" && <ProjectsPage />}
      {/* A person is asked for a name before others can see what it changes. */}
      {route.page === "project" && (name ? <ProjectPage key={route.id} projectId={route.id} /> : <NameDialog current="" onChoose={setName} />)}
      {route.page === "unknown" && (
        <main className="empty-page">
          <h1>There is nothing at this address</h1>
          <Link href="/" className="lg-button primary">
            All plans
          </Link>
        </main>
      )}
    </ToastProvider>
  );
}
